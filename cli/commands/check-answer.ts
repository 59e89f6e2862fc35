import { ConfigError } from '../config/load';
import { configJsonSchema } from '../config/schema';
import { configSummary } from '../config/summary';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { EXIT } from '../exit-codes';
import type * as CheckOnline from './check-online';

/** Prints the JSON Schema of the configuration; on one line with `--json`. */
export function printJsonSchema(context: CommandContext): void {
  context.print(JSON.stringify(configJsonSchema(), undefined, context.json ? undefined : 2));
}

/** Answers `check`. */
export async function check(context: CommandContext, online: boolean): Promise<CommandResult> {
  if (!validates(context)) return EXIT.usage;
  const { config, file, dataDirectory } = context.loaded;
  if (context.json)
    context.printJson({ 'ascribe.check': 'configuration', 'file.path': file, 'event.outcome': 'success' });
  else {
    context.print(file === undefined ? 'no configuration file: the defaults hold' : `${context.text(file)}: valid`);
    for (const line of configSummary(config, dataDirectory)) context.print(`  ${context.text(line)}`);
  }
  if (!online) return EXIT.done;
  const { checkOnline } = require('./check-online') as typeof CheckOnline;
  const findings = await checkOnline(context.loaded, context.io.env);
  for (const finding of findings) show(context, finding);
  return findings.some(({ outcome }) => outcome === 'failure') ? EXIT.failed : EXIT.done;
}

/** With `--json` the faults are the answer, one object each; else they go to stderr like every error. */
function validates(context: CommandContext): boolean {
  try {
    return context.loaded !== undefined;
  } catch (error) {
    if (!(error instanceof ConfigError) || !context.json) throw error;
    for (const fault of error.faults) {
      context.printJson({
        'ascribe.check': 'configuration',
        'event.outcome': 'failure',
        'file.path': fault.file,
        'ascribe.line': fault.line === 0 ? undefined : fault.line,
        'ascribe.column': fault.line === 0 ? undefined : fault.column,
        'ascribe.path': fault.path === '' ? undefined : fault.path,
        'error.message': fault.message,
      });
    }
    return false;
  }
}

function show(context: CommandContext, { outcome, subject, message }: CheckOnline.Finding): void {
  if (context.json) {
    context.printJson({
      'ascribe.check': subject,
      'event.outcome': outcome === 'failure' ? 'failure' : 'success',
      'log.level': outcome === 'warning' ? 'warn' : undefined,
      message,
    });
    return;
  }
  const { style } = context;
  const mark = { success: style.good('ok     '), warning: style.warn('warning'), failure: style.bad('failed ') }[
    outcome
  ];
  context.print(`${mark}  ${context.text(subject)}: ${context.text(message)}`);
}
