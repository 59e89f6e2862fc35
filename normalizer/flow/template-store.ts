import type { FlowLimits } from './limits';
import type { DefinitionShape, Template } from './template';

/** What a declaration says before its field specifiers. */
export interface DeclarationHead {
  readonly id: number;
  readonly fieldCount: number;
  readonly scopeCount: number;
  readonly options: boolean;
}

/** Where the decoders put what template sets say. */
export interface TemplateSink {
  /** Takes over a template, or returns the reason why not. */
  declare(view: DataView, at: number, shape: DefinitionShape, head: DeclarationHead): string | undefined;
  withdraw(id: number, options: boolean): void;
  withdrawAll(options: boolean): void;
}

/** The templates of all streams of one (address, domain, version): they may stand in for each other. */
export class TemplateGroup {
  readonly members = new Set<TemplateStore>();
  /** Rises with every change, so that members know when what they looked up elsewhere is out of date. */
  generation = 0;
}

/** How much there is in all; shared by the stores. */
export interface Tally {
  templates: number;
  templateBytes: number;
  options: number;
}

/** The templates of one stream (RFC 7011 section 8: scoped by transport session and domain). */
export class TemplateStore {
  readonly #own = new Map<number, Template>();
  readonly #borrowed = new Map<number, Template | undefined>();
  #borrowedAt = -1;

  constructor(
    readonly streamKey: string,
    readonly version: number,
    readonly group: TemplateGroup,
    readonly limits: FlowLimits,
    readonly tally: Tally,
  ) {
    group.members.add(this);
  }

  get size(): number {
    return this.#own.size;
  }

  values(): IterableIterator<Template> {
    return this.#own.values();
  }

  /** The stream's own template. */
  own(id: number, now: number): Template | undefined {
    const template = this.#own.get(id);
    if (template === undefined || now - template.lastSeen <= this.limits.templateAgeMs) return template;
    this.#remove(id);
    return undefined;
  }

  /**
   * A template of the same exporter and domain that came from another port, if all ports that have this id agree on it
   * (an exporter with several processes, or one that changed its port).
   */
  borrowed(id: number, now: number): Template | undefined {
    if (this.group.members.size < 2) return undefined;
    if (this.#borrowedAt !== this.group.generation) {
      this.#borrowed.clear();
      this.#borrowedAt = this.group.generation;
    }
    if (this.#borrowed.has(id)) return this.#borrowed.get(id);
    const found = this.#findElsewhere(id, now);
    this.#borrowed.set(id, found);
    return found;
  }

  /**
   * Takes over a declaration. Returns the template when it is new or changed, `undefined` when it repeats what is
   * known, or the reason of a refusal.
   */
  declare(
    view: DataView,
    at: number,
    shape: DefinitionShape,
    head: DeclarationHead,
    now: number,
  ): Template | string | undefined {
    const known = this.#own.get(head.id);
    if (known !== undefined && sameDeclaration(known, view, at, shape, head)) {
      known.lastSeen = now;
      return undefined;
    }
    if (known === undefined && this.#own.size >= this.limits.templatesPerStream) {
      this.#expire(now);
      if (this.#own.size >= this.limits.templatesPerStream) return 'flow_too_many_templates';
    }
    const template = this.#make(view, at, shape, head, now);
    this.#put(template);
    return template.refused ?? template;
  }

  /** Takes up a template from a snapshot. */
  restore(template: Template): void {
    this.#put(template);
  }

  withdraw(id: number, options: boolean): void {
    if (this.#own.get(id)?.options === options) this.#remove(id);
  }

  withdrawAll(options: boolean): void {
    for (const { id, options: own } of this.#own.values()) if (own === options) this.#remove(id);
  }

  /** Forgets everything: the exporter restarted, or the stream is dropped. */
  clear(): void {
    for (const id of this.#own.keys()) this.#remove(id);
  }

  leave(): void {
    this.clear();
    this.group.members.delete(this);
  }

  #put(template: Template): void {
    this.#remove(template.id);
    this.#own.set(template.id, template);
    this.tally.templates++;
    this.tally.templateBytes += template.definition.length;
    this.group.generation++;
  }

  #remove(id: number): void {
    const template = this.#own.get(id);
    if (template === undefined) return;
    this.#own.delete(id);
    this.tally.templates--;
    this.tally.templateBytes -= template.definition.length;
    this.group.generation++;
  }

  #expire(now: number): void {
    for (const { id, lastSeen } of this.#own.values()) {
      if (now - lastSeen > this.limits.templateAgeMs) this.#remove(id);
    }
  }

  #findElsewhere(id: number, now: number): Template | undefined {
    let found: Template | undefined;
    for (const member of this.group.members) {
      const template = member === this ? undefined : member.own(id, now);
      if (template === undefined) continue;
      if (found !== undefined && !sameTemplate(found, template)) return undefined;
      found = template;
    }
    return found;
  }

  #make(view: DataView, at: number, shape: DefinitionShape, head: DeclarationHead, now: number): Template {
    const tooMany = head.fieldCount > this.limits.fieldsPerTemplate;
    const refused = tooMany ? 'flow_too_many_fields' : shape.recordLength === 0 ? 'flow_zero_length_record' : undefined;
    return {
      ...head,
      version: this.version,
      definition: new Uint8Array(view.buffer, view.byteOffset + at, tooMany ? 0 : shape.bytes).slice(),
      recordLength: shape.recordLength,
      variable: shape.variable,
      refused,
      lastSeen: now,
      reader: undefined,
    };
  }
}

function sameDeclaration(
  known: Template,
  view: DataView,
  at: number,
  shape: DefinitionShape,
  head: DeclarationHead,
): boolean {
  const { definition } = known;
  if (definition.length !== shape.bytes || known.fieldCount !== head.fieldCount) return false;
  if (known.options !== head.options || known.scopeCount !== head.scopeCount) return false;
  for (let i = 0; i < definition.length; i++) if (definition[i] !== view.getUint8(at + i)) return false;
  return true;
}

function sameTemplate(a: Template, b: Template): boolean {
  if (a.options !== b.options || a.scopeCount !== b.scopeCount || a.fieldCount !== b.fieldCount) return false;
  return Buffer.compare(a.definition, b.definition) === 0;
}
