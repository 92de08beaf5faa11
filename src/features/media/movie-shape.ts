/** What becomes of a box: it stays as it is, or what it holds is looked through. All others are blanked. */
export const KEPT_BOXES: Readonly<Record<string, ReadonlySet<string>>> = {
  file: new Set('ftyp styp moov moof mdat sidx mfra pdin'.split(' ')),
  moov: new Set('mvhd trak mvex'.split(' ')),
  trak: new Set('tkhd edts mdia tapt'.split(' ')),
  edts: new Set(['elst']),
  mdia: new Set('mdhd hdlr minf elng'.split(' ')),
  minf: new Set('vmhd smhd nmhd hdlr dinf stbl'.split(' ')),
  dinf: new Set(['dref']),
  stbl: new Set(
    'stsd stts ctts cslg stsc stsz stz2 stco co64 stss stps sdtp sbgp sgpd subs saiz saio'.split(
      ' ',
    ),
  ),
  mvex: new Set('mehd trex'.split(' ')),
  moof: new Set('mfhd traf'.split(' ')),
  traf: new Set('tfhd trun tfdt sdtp sbgp sgpd subs saiz saio'.split(' ')),
  mfra: new Set('tfra mfro'.split(' ')),
};

/** Codes of sample entries that are taken, by the handler of their track. */
export const CODECS: Readonly<Record<string, ReadonlySet<string>>> = {
  vide: new Set('avc1 avc3 hvc1 hev1 dvh1 dvhe av01 vp08 vp09 mp4v'.split(' ')),
  soun: new Set('mp4a Opus alac ac-3 ec-3 fLaC .mp3 sowt twos lpcm in24'.split(' ')),
};

/** Of a clip: 8192 times 4352 pixels, the most that any decoder of telephones takes. */
export const MOST_CLIP_PIXELS = 8192 * 4352;

/** What is told of a clip. */
export interface ClipFacts {
  readonly width: number;
  readonly height: number;
  /** Null: the file does not say. */
  readonly durationMs: number | null;
}
