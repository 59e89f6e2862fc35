import type { FakeAnswer, FakeRequest } from './http-fake';
import { Receiver, type Taken } from './receiver';

const LARGEST_CALL = 1_048_576;

/** Logs Ingestion of Azure Monitor and the token endpoint before it ("Logs Ingestion API in Azure Monitor"); one token at a time. */
export class AzureReceiver extends Receiver {
  #tokens = 0;

  protected carries({ path }: FakeRequest): boolean {
    return path.startsWith('/dataCollectionRules/dcr-1/streams/Custom-A_CL?api-version=');
  }

  protected take({ body, headers }: FakeRequest): Taken {
    if (headers.authorization !== `Bearer t${this.#tokens}`) return { answer: { status: 401 }, stored: 0 };
    if (Buffer.byteLength(body) > LARGEST_CALL) this.violation('a call of more than 1 MiB');
    const rows = JSON.parse(body) as { readonly EventUid: string; readonly TimeGenerated: string }[];
    for (const { EventUid: id, TimeGenerated: time } of rows) {
      if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u.test(time)) this.violation(`TimeGenerated ${time}`);
      this.keep(id);
    }
    return { answer: { status: 204 }, stored: rows.length };
  }

  protected refusal(behaviour: 'busy' | 'too_many' | 'disk_full'): FakeAnswer {
    return { status: { busy: 503, too_many: 429, disk_full: 500 }[behaviour] };
  }

  protected other({ path, body, method }: FakeRequest): FakeAnswer {
    if (method !== 'POST' || path !== '/tenant/oauth2/v2.0/token') {
      this.violation(`${method} ${path}`);
      return { status: 404 };
    }
    const form = new URLSearchParams(body);
    if (form.get('client_secret') !== 'secret of cred:azure' || form.get('grant_type') !== 'client_credentials') {
      return { status: 401, body: { error: 'invalid_client' } };
    }
    return { status: 200, body: { access_token: `t${++this.#tokens}`, expires_in: 3600 } };
  }
}

/** What a configuration names for it. */
export function azureDestination(url: string): object {
  const login = { tenant: 'tenant', client: 'app', client_secret: 'cred:azure' };
  return { azure_logs: { url, authority: url, rule: 'dcr-1', stream: 'Custom-A_CL', ...login, timeout: 5 } };
}
