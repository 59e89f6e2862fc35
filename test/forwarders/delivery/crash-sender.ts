import { parseArgs } from 'node:util';
import { dataLayout } from '../../../cli/data-layout';
import { IMPATIENT, RunningForwarder } from '../store-site';

/*
 * A forwarder that a test kills and freezes: node -r ts-hook.js crash-sender.ts --folder FOLDER --destinations JSON
 * Says `ready` when it sends, and ends only by a signal.
 */
const { values } = parseArgs({ options: { folder: { type: 'string' }, destinations: { type: 'string' } } });
const { folder = '', destinations = '[]' } = values;
const layout = dataLayout(`${folder}/data`);
const { journal, facts, database } = layout;
const places = { journal, facts, database, instance: 'test' };
const running = new RunningForwarder({ folder, layout, places }, JSON.parse(destinations) as object[], IMPATIENT);
process.stdout.write('ready\n');
process.once('SIGTERM', () => void running.stop());
