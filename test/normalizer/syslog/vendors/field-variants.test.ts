import { factsOfLine } from './read-line';
import { ASA_VARIANTS } from './field-variants-asa.data';
import { HOST_VARIANTS } from './field-variants-host.data';
import { IOS_VARIANTS } from './field-variants-ios.data';
import { JUNIPER_VARIANTS } from './field-variants-juniper.data';
import { type FieldVariant, fieldsOf } from './field-variants';

describe.each<[string, readonly FieldVariant[]]>([
  ['ASA and FTD', ASA_VARIANTS],
  ['IOS', IOS_VARIANTS],
  ['Junos', JUNIPER_VARIANTS],
  ['hosts and host firewalls', HOST_VARIANTS],
])('%s', (_vendor, variants) => {
  test.each(variants)('$name', ({ line, fact }) => {
    expect(fieldsOf(factsOfLine(line)[0], fact)).toStrictEqual(fact);
  });
});
