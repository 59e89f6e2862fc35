import { NAMESPACE, SIGNER } from './sshsig';

/** Version of the layout. */
export const PACK_FORMAT = 'ascribe-evidence/2';

/** Files below the pack's root, in the order of the archive (by name). */
export const PACK_FILES = {
  readme: 'README.txt',
  signers: 'allowed_signers',
  info: 'bag-info.txt',
  bag: 'bagit.txt',
  context: 'data/context.ndjson',
  facts: 'data/derived/facts.ndjson',
  findings: 'data/derived/findings.ndjson',
  sessions: 'data/derived/sessions.ndjson',
  loss: 'data/loss.ndjson',
  pack: 'data/pack.json',
  proofs: 'data/raw/proofs.ndjson',
  records: 'data/raw/records.ndjson',
  seals: 'data/raw/seals.ndjson',
  settings: 'data/settings.ndjson',
  manifest: 'manifest-sha256.txt',
  manifestSignature: 'manifest-sha256.txt.sig',
  tagManifest: 'tagmanifest-sha256.txt',
  tagManifestSignature: 'tagmanifest-sha256.txt.sig',
} as const;

/** Files no manifest can hold: the tag manifest, which its signature covers, and the signatures. */
export const UNLISTED: readonly string[] = [
  PACK_FILES.manifestSignature,
  PACK_FILES.tagManifest,
  PACK_FILES.tagManifestSignature,
];

/** RFC 8493 section 2.1.1. */
export const BAGIT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

/** The page that a reader of a pack begins with. */
export const README = `Evidence pack of ascribe (BagIt 1.0, RFC 8493)

CAUTION. data/raw/records.ndjson holds what devices sent, byte for byte. It may contain passwords, keys, names and
other things that a device put into its messages. Everything under data/derived has secrets masked. Hand the pack
only to people who may see the raw messages.

Check it with stock tools, in this directory:

  sha256sum -c manifest-sha256.txt
  sha256sum -c tagmanifest-sha256.txt
  ssh-keygen -Y verify -f allowed_signers -I ${SIGNER} -n ${NAMESPACE} -s manifest-sha256.txt.sig < manifest-sha256.txt
  ssh-keygen -Y verify -f allowed_signers -I ${SIGNER} -n ${NAMESPACE} -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt

Compare the key that ssh-keygen prints with the fingerprint you were given on another way. The key in allowed_signers
is only what the pack says of itself. Then, with ascribe: ascribe evidence verify PACK.tar --key SHA256:...

  data/pack.json               what was asked for, what is in here, versions, configuration, key
  data/raw/records.ndjson      journal records as received: seq, receive time (epoch ms UTC), origin, bytes in base64
  data/raw/seals.ndjson        signed seals of the journal segments, each naming the hash of the one before
  data/raw/proofs.ndjson       hashes of the parts of each segment's Merkle tree (RFC 6962) without records of this pack:
                               leaves from index on; with the records they lead to the root in the segment's seal
  data/derived/facts.ndjson    what ascribe reads in these records alone; ascribe.raw_seq names the record
  data/derived/sessions.ndjson sessions with observers, slices (raw_seq) and verdict with its steps (raw_seqs)
  data/derived/findings.ndjson findings with what they rest on
  data/settings.ndjson         what ascribe was told of the senders when it read the records
  data/context.ndjson          what the derived rows rest on beside these records: configuration, clocks measured over more
                               records, when exporters were first heard
  data/loss.ndjson             gaps that devices, transports and ascribe itself admit within the records' range,
                               stretches without sight, and records that are no longer in the journal

A record's leaf is SHA-256 over 0x00, seq and receive time (64 bit, big endian), the digest of its origin and its bytes;
the digest is SHA-256 over collector, source, peer and format, each with its length (32 bit, big endian) before it.
A record that no segment of seals.ndjson covers was not sealed yet when the pack was made; the pack's own signature is
its only proof.
`;
