import { type ConfigNode, childOf, valueOf } from '../config-node';

/** `<disabled/>` is there, or `<enabled>0</enabled>`. */
export function isEnabled(statement: ConfigNode | undefined): boolean {
  const disabled = childOf(statement, 'disabled') ?? childOf(statement, 'disable');
  if (disabled !== undefined && disabled.children[0]?.words[0] !== '0' && disabled.children[0]?.words[0] !== 'no')
    return false;
  const enabled = valueOf(statement, 'enabled') ?? valueOf(statement, 'enable');
  return enabled !== '0' && enabled !== 'no';
}
