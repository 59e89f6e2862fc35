import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';

/*
 * OpenTelemetry's own exporter, in a process of its own as it loads its way out by `import()`:
 * node -r ts-hook.js otlp-sender.ts URL TEXT…, one record for each text.
 */
async function main([url = '', ...texts]: readonly string[]): Promise<void> {
  const exporter = new OTLPLogExporter({ url });
  const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] });
  const logger = provider.getLogger('stranger', '1.0');
  for (const [n, body] of texts.entries()) {
    const attributes = { 'event.id': String(n), count: n, ratio: 0.5, flag: true, list: ['a', 'b'] };
    logger.emit({ body, severityNumber: 9, severityText: 'info', attributes });
  }
  await provider.forceFlush();
  await provider.shutdown();
}

void main(process.argv.slice(2));
