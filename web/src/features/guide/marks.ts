// The few marks that the guide is written in: headings with an anchor, paragraphs, numbered lists,
// pictures. Nothing of it becomes HTML, so nothing of it can do harm.

export type Block =
  | { kind: 'title'; text: string }
  | { kind: 'heading'; text: string; id: string }
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'picture'; text: string; file: string };

export function blocks_of(source: string): Block[] {
  const found: Block[] = [];
  for (const part of source.split(/\n{2,}/).map((one) => one.trim())) {
    const heading = /^## (.+?) \{#([\w-]+)\}$/.exec(part);
    const picture = /^!\[(.*)\]\((.+)\)$/.exec(part);
    if (heading) found.push({ kind: 'heading', text: heading[1] ?? '', id: heading[2] ?? '' });
    else if (picture)
      found.push({
        kind: 'picture',
        text: picture[1] ?? '',
        file: (picture[2] ?? '').split('/').at(-1) ?? '',
      });
    else if (part.startsWith('# ')) found.push({ kind: 'title', text: part.slice(2) });
    else if (/^\d+\. /.test(part))
      found.push({
        kind: 'list',
        items: part.split('\n').map((line) => line.replace(/^\d+\. /, '')),
      });
    else if (part) found.push({ kind: 'text', text: part.replace(/\n/g, ' ') });
  }
  return found;
}

export interface Piece {
  text: string;
  key: boolean;
}
/** Keys stand between backquotes. */
export const pieces_of = (text: string): Piece[] =>
  text
    .split('`')
    .map((piece, i) => ({ text: piece, key: i % 2 === 1 }))
    .filter((piece) => piece.text);
