import { parentPort, workerData } from 'node:worker_threads';
import { doPackJob, type PackJob } from './pack-jobs';

/** The body of a thread that does one job and ends. */
const port = parentPort;
if (port === null) throw new Error('this file is the body of a worker thread');
port.postMessage(doPackJob(workerData as PackJob));
