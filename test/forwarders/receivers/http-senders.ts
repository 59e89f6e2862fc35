import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RSYSLOG, Stranger, SYSLOG_NG } from './programs';

/**
 * Senders by strangers to the HTTP receivers, from Debian: rsyslog's omelasticsearch, syslog-ng's http() and the
 * `elasticsearch-http()` of its own library of snippets. They read the NDJSON files that our `file` transport makes.
 */

/** Where syslog-ng's `scl` is: the package syslog-ng-scl. */
const SNIPPETS = SYSLOG_NG === undefined ? '' : join(SYSLOG_NG.program, '../../share/syslog-ng/include/scl');

export const HAS_ELASTICSEARCH_SNIPPET = existsSync(join(SNIPPETS, 'elasticsearch/elastic-http.conf'));

/** rsyslog: every line of `input/*.ndjson` to `_bulk`, created under the id that stands in the document. */
export function rsyslogElasticsearch(folder: string, input: string, url: string): Stranger {
  const config = join(folder, 'rsyslog.conf');
  const port = new URL(url).port;
  writeFileSync(
    config,
    `global(workDirectory="${folder}" maxMessageSize="256k")
module(load="imfile" mode="inotify")
module(load="mmjsonparse")
module(load="omelasticsearch")
template(name="document" type="string" string="%$!whole%")
template(name="id" type="string" string="%$!event!id%")
input(type="imfile" File="${input}/*.ndjson" Tag="ascribe" ruleset="out")
ruleset(name="out") {
  action(type="mmjsonparse" cookie="")
  set $!whole = $msg;
  action(type="omelasticsearch" server="127.0.0.1" serverport="${port}" bulkmode="on" searchIndex="ascribe" searchType=""
    template="document" dynBulkId="on" bulkId="id" writeOperation="create" action.resumeRetryCount="-1"
    action.resumeInterval="1" queue.type="LinkedList" queue.dequeueBatchSize="200")
}
`,
  );
  const { program, modules, libraries } = RSYSLOG ?? { program: '', modules: '', libraries: '' };
  const args = ['-n', '-f', config, '-i', join(folder, 'pid'), '-M', modules];
  return new Stranger(() => spawned(program, args, folder, libraries));
}

/** syslog-ng's own snippet for Elasticsearch. */
export function syslogNgElasticsearch(folder: string, input: string, url: string): Stranger {
  return syslogNg(
    folder,
    input,
    `elasticsearch-http(url("${url}/_bulk") index("ascribe") type("") custom_id("\${.json.event.id}")
      workers(1) batch-lines(200) batch-timeout(500) template("$MSG"))`,
  );
}

/** syslog-ng to Splunk's collector, in the envelope that Splunk documents. */
export function syslogNgHec(folder: string, input: string, url: string, token: string): Stranger {
  const envelope = `$(format-json --scope none time=int($R_UNIXTIME) host="$HOST" source="ascribe" sourcetype="ascribe:test"
    fields.event_uid="\${.json.event.id}" event="$MSG")`;
  return syslogNg(
    folder,
    input,
    `http(url("${url}/services/collector/event") method("POST") headers("Authorization: Splunk ${token}")
      workers(1) batch-lines(200) batch-timeout(500) timeout(5) body('${envelope.replaceAll(/\s+/gu, ' ')}'))`,
  );
}

function syslogNg(folder: string, input: string, destination: string): Stranger {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'syslog-ng.conf');
  writeFileSync(
    config,
    `@version: current
${HAS_ELASTICSEARCH_SNIPPET ? `@include "${SNIPPETS}/elasticsearch/elastic-http.conf"` : ''}
options { stats-freq(0); log-msg-size(262144); time-reopen(1); };
source s { wildcard-file(base-dir("${input}") filename-pattern("*.ndjson") flags(no-parse) follow-freq(0.2)); };
destination d { ${destination}; };
log { source(s); parser { json-parser(prefix(".json.")); }; destination(d); flags(flow-control); };
`,
  );
  const at = (name: string): string => join(folder, name);
  const { program, modules, libraries } = SYSLOG_NG ?? { program: '', modules: '', libraries: '' };
  const paths = ['-R', at('persist'), '-p', at('pid'), '-c', at('control')];
  const args = ['-F', '--no-caps', '-f', config, ...paths, '--module-path', modules];
  return new Stranger(() => spawned(program, args, folder, libraries));
}

function spawned(program: string, args: readonly string[], cwd: string, libraries: string): ChildProcess {
  return spawn(program, args, { cwd, env: { ...process.env, LD_LIBRARY_PATH: libraries } });
}
