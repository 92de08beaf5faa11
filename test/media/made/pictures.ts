import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** Where the pictures of these tests were taken, in the words of their metadata. */
export const PLACE = '+31.2304+121.4737';
export const DEVICE = 'Phone of Mei Lin';

const NOISE_SIDE = 64;

/** Not of one colour, so that no encoder makes next to nothing of it. */
export function noise(width = NOISE_SIDE, height = NOISE_SIDE): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  let state = 12_345;
  for (let at = 0; at < pixels.length; at++) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    pixels[at] = state >> 16;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

export const aJpeg = (): Promise<Buffer> => noise().jpeg().toBuffer();
export const aPng = (): Promise<Buffer> => noise().png().toBuffer();
export const aWebp = (): Promise<Buffer> => noise().webp().toBuffer();
export const aGif = (): Promise<Buffer> => noise().gif().toBuffer();
export const anAvif = (): Promise<Buffer> => noise().avif({ effort: 0 }).toBuffer();

/** Left half red, right half blue, held upside down to the left: with place, time and device. */
export async function aPhotograph(): Promise<Buffer> {
  const red = await sharp({ create: { width: 50, height: 60, channels: 3, background: '#f00' } })
    .png()
    .toBuffer();
  const picture = sharp({ create: { width: 100, height: 60, channels: 3, background: '#00f' } });
  return picture
    .composite([{ input: red, left: 0, top: 0 }])
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .withExif({
      IFD0: { Make: DEVICE, Model: DEVICE, Orientation: '6', DateTime: '2030:09:02 10:00:00' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '31/1 13/1 49/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '121/1 28/1 25/1',
      },
    })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><p>${PLACE} ${DEVICE}</p></x:xmpmeta>`)
    .withMetadata({ orientation: 6 })
    .toBuffer();
}

/** One chunk of a PNG. */
export function chunk(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  return Buffer.concat([uint32(body.length), typed, uint32(crc32(typed))]);
}

export const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** The first chunk of a PNG: of grey pixels, eight bits each. */
export const pngHead = (width: number, height: number): Buffer =>
  chunk('IHDR', Buffer.concat([uint32(width), uint32(height), Buffer.from([8, 0, 0, 0, 0])]));

/** As many black pixels as are asked for, in next to no bytes. */
export function blackPng(width: number, height: number): Buffer {
  const data = chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height)));
  return Buffer.concat([PNG_SIGNATURE, pngHead(width, height), data, chunk('IEND')]);
}

export const png = (...chunks: readonly Buffer[]): Buffer =>
  Buffer.concat([PNG_SIGNATURE, ...chunks]);

export const pngData = (): Buffer => chunk('IDAT', deflateSync(Buffer.alloc(6)));

/** A GIF of frames of one pixel each. */
export function gifOf(frames: number, { width = 1, height = 1, frameWidth = 1 } = {}): Buffer {
  const head = Buffer.from('GIF89a0000\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  const frame = Buffer.from('2c00000000010001000002024c0100', 'hex');
  frame.writeUInt16LE(frameWidth, 5);
  const all = Array.from({ length: frames }, () => frame);
  return Buffer.concat([head, ...all, Buffer.from(';')]);
}

/** One segment of a JPEG. */
export function segment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

export const JPEG_START = Buffer.from('ffd8', 'hex');
export const JPEG_END = Buffer.from('ffd9', 'hex');

/** The segment of a JPEG that has its size: three components. */
export function jpegFrame(width: number, height: number): Buffer {
  const body = Buffer.from('080000000003011100021100031100', 'hex');
  body.writeUInt16BE(height, 1);
  body.writeUInt16BE(width, 3);
  return segment(0xc0, body);
}

/** The start of a scan and some data of it. */
export const jpegScan = (): Buffer =>
  Buffer.concat([segment(0xda, Buffer.from('03010002000300003f00', 'hex')), Buffer.from('00')]);

/** The chunks of a WebP in their container. */
export function webpOf(...chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks]);
  return Buffer.concat([Buffer.from('RIFF'), uint32le(body.length), body]);
}

export const webpChunk = (type: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(type), uint32le(body.length), body, Buffer.alloc(body.length % 2)]);

/** The extended head of a WebP: it moves. */
export function webpHead(width: number, height: number): Buffer {
  const body = Buffer.alloc(10);
  body[0] = 2;
  body.writeUIntLE(width - 1, 4, 3);
  body.writeUIntLE(height - 1, 7, 3);
  return webpChunk('VP8X', body);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function uint32le(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** The file with some bytes of it replaced. */
export const changed = (file: Buffer, at: number, bytes: Buffer): Buffer =>
  Buffer.concat([file.subarray(0, at), bytes, file.subarray(at + bytes.length)]);

/** The smallest archive there is: it ends with the end of its directory. */
export const ZIP = Buffer.concat([Buffer.from('504b0506', 'hex'), Buffer.alloc(18)]);
export const HTML = Buffer.from('<!DOCTYPE html><html><script>alert(1)</script></html>');
export const SVG = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
);
export const PDF = Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>');
