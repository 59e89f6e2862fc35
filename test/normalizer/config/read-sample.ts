import type { Binding, ConfigLine, Event, Fact, FactBase } from '../../../normalizer/model/facts';
import { configurationFacts } from '../../../normalizer/config/configuration-facts';
import { configurationText } from '../../../normalizer/config/configuration-text';
import { ConfigVersions } from '../../../normalizer/config/config-versions';
import { type ChangeNote, ChangeNotes } from '../../../normalizer/config/changes/change-notes';
import type { ConfigPlatform } from '../../../normalizer/config/platforms';

export const AT = Date.UTC(2026, 10, 24, 2, 0, 0);

/** What one reading, or several of the same device one after the other, come to. */
export class Sample {
  readonly facts: Fact[] = [];
  readonly #versions = new ConfigVersions();
  readonly #notes = new ChangeNotes();
  version = '';

  constructor(readonly platform: ConfigPlatform) {}

  read(configuration: string | Uint8Array, at = AT): this {
    const body = typeof configuration === 'string' ? Buffer.from(configuration) : configuration;
    const base: FactBase = {
      rawSeq: 1,
      observedAt: at,
      timeQuality: 'from_receipt',
      device: 'dev1',
      parser: this.platform,
    };
    const text = configurationText(body, this.platform);
    this.version = text.version;
    const notes = (after: number, until: number): readonly ChangeNote[] => this.#notes.between(['dev1'], after, until);
    configurationFacts({ text, part: '', base, timezone: undefined, about: {}, notes }, this.#versions, (fact) =>
      this.facts.push(fact),
    );
    return this;
  }

  /** A change was told of. */
  told(by: number, author: string, more: Partial<ChangeNote> = {}): this {
    this.#notes.add(['dev1'], { at: by - 1000, by, author, commits: false, line: '', rawSeq: 7, ...more });
    return this;
  }

  bindings(relation: Binding['relation']): Binding[] {
    return this.facts.filter((fact) => fact.fact === 'binding').filter((fact) => fact.relation === relation);
  }

  lines(): ConfigLine[] {
    return this.facts.filter((fact) => fact.fact === 'config_line');
  }

  events(action: string): Event[] {
    return this.facts.filter((fact) => fact.fact === 'event').filter((fact) => fact.action === action);
  }

  /** `KIND KEY @LINE`, ` off` where it is not in force. */
  rules(): string[] {
    return this.bindings('rule-config').map(
      ({ key, value, extra }) =>
        `${extra?.['ascribe.config.kind']} ${key} @${value.slice(17)}${extra?.['ascribe.config.active'] === 0 ? ' off' : ''}`,
    );
  }

  /** `LINE PURPOSE VALUE`, ` off` where it is not in force, without vendor defaults. */
  endpoints(): string[] {
    return this.bindings('config-endpoint')
      .filter(({ key }) => !key.startsWith('default:'))
      .map(
        ({ key, value, extra }) =>
          `${key.slice(17)} ${extra?.['ascribe.config.purpose']} ${value}${extra?.['ascribe.config.encrypted'] === 'yes' ? ' encrypted' : ''}${extra?.['ascribe.config.active'] === 0 ? ' off' : ''}`,
      );
  }

  defaults(): string[] {
    return this.bindings('config-endpoint')
      .filter(({ key, extra }) => key.startsWith('default:') && extra?.['ascribe.config.active'] === 1)
      .map(({ key, value }) => `${key.slice(8)} ${value}`);
  }

  own(): string[] {
    return this.bindings('ip-device').map(({ key, extra }) => `${key} ${extra?.['observer.ingress.interface.name']}`);
  }
}

export function sample(platform: ConfigPlatform, configuration: string | Uint8Array): Sample {
  return new Sample(platform).read(configuration);
}
