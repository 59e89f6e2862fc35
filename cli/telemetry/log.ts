import pino from 'pino';
import type { OutputStream } from '../io';
import { escapeTerminal } from '../output/escape';

/** `warn`: unexpected, nothing lost. `error`: data were lost or a person must act. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where log lines go. */
export interface Log {
  write(level: LogLevel, message: string, fields: LogFields): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: 'auto' | 'json' | 'text';
  /** stderr; stdout belongs to answers. */
  readonly stream: OutputStream;
  readonly now?: () => number;
}

/** A log as JSON lines with ECS names, or as text for people; `auto` decides by whether the stream is a terminal. */
export function createLog(options: LogOptions): Log {
  const text = options.format === 'text' || (options.format === 'auto' && options.stream.isTTY === true);
  return text ? textLog(options) : jsonLog(options);
}

function jsonLog({ level, stream, now = Date.now }: LogOptions): Log {
  const logger = pino(
    {
      level,
      base: { 'service.name': 'ascribe' },
      messageKey: 'message',
      timestamp: () => `,"@timestamp":"${new Date(now()).toISOString()}"`,
      formatters: { level: (label) => ({ 'log.level': label }) },
    },
    { write: (line: string) => void stream.write(line) },
  );
  return { write: (at, message, fields) => logger[at](fields, message) };
}

const RANK: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

function textLog({ level, stream, now = Date.now }: LogOptions): Log {
  return {
    write(at, message, fields) {
      if (RANK[at] > RANK[level]) return;
      const rest = Object.entries(fields)
        .filter(([key, value]) => value !== undefined && key !== 'event.action')
        .map(([key, value]) => ` ${key}=${escapeTerminal(String(value))}`)
        .join('');
      const time = new Date(now()).toISOString();
      stream.write(`${time} ${at.toUpperCase().padEnd(5)} ${escapeTerminal(message)}${rest}\n`);
    },
  };
}
