export { PROTOCOL_NAMES } from '../../normalizer/model/protocol-names.data';
