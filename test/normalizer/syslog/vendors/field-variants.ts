/**
 * One spelling of a vendor's line and the fields it must give; `undefined` says that a field must stay empty. Lines are
 * made up after documents and what devices were seen to write; fields not named here are proved elsewhere.
 */
export interface FieldVariant {
  readonly name: string;
  readonly line: string;
  readonly fact: object;
}

export function variant(name: string, line: string, fact: object): FieldVariant {
  return { name, line, fact };
}

/** The fields of `fact` that `wanted` names, at every depth; `undefined` for those it has not. */
export function fieldsOf(fact: unknown, wanted: object): object {
  return Object.fromEntries(
    Object.entries(wanted).map(([key, value]: [string, unknown]) => {
      const found = (fact as Readonly<Record<string, unknown>> | undefined)?.[key];
      return [key, typeof value === 'object' && value !== null ? fieldsOf(found, value) : found];
    }),
  );
}
