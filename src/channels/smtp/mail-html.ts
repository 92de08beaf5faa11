import type { MessageContent } from '../channel.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

/** Only addresses of the web: in a link, others could do something. */
const isWebAddress = (url: string): boolean => /^https?:\/\//i.test(url);

const paragraph = (text: string): string => `<p>${escaped(text).replaceAll('\n', '<br>\n')}</p>`;

/** The words of a message as a page, without style, script or anything from elsewhere but its photo. */
export function mailHtml({ locale, title, text, link, photo }: MessageContent): string {
  return [
    '<!doctype html>',
    `<html lang="${escaped(locale)}">`,
    `<head><meta charset="utf-8"><title>${escaped(title)}</title></head>`,
    '<body>',
    ...text.split(/\n{2,}/u).map(paragraph),
    ...(photo === null || !isWebAddress(photo.url) ? [] : [image(photo)]),
    ...(link === null || !isWebAddress(link) ? [] : [anchor(link)]),
    '</body>',
    '</html>',
  ].join('\n');
}

const image = ({ url, caption }: { readonly url: string; readonly caption: string }): string =>
  `<p><img src="${escaped(url)}" alt="${escaped(caption)}" width="480"></p>`;

const anchor = (link: string): string => `<p><a href="${escaped(link)}">${escaped(link)}</a></p>`;
