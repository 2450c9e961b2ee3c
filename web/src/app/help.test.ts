import { describe, expect, it } from 'vitest';
import { guide_of, parts } from './help';
import { guides } from '../features/guide/GuidePage';
import { blocks_of, pieces_of } from '../features/guide/marks';

const texts = import.meta.glob<string>('../../../docs/guide/*/*.md', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const text_of = (lang: string, guide: string) =>
  texts[`../../../docs/guide/${lang}/${guide}.md`] ?? '';
/** A picture shows the desk in the language of its guide; it is the same picture. */
const shape = (source: string) =>
  blocks_of(source)
    .filter((block) => block.kind !== 'text')
    .map((block) => {
      if (block.kind === 'heading') return block.id;
      return block.kind === 'picture' ? block.file.replace(/-(ru|en)\./, '.') : block.kind;
    });

describe('the guide', () => {
  it('says the same parts with the same pictures in both languages', () => {
    for (const guide of guides) {
      expect(text_of('ru', guide)).not.toBe('');
      expect(shape(text_of('en', guide))).toEqual(shape(text_of('ru', guide)));
    }
  });
  it('has every part that a page links', () => {
    for (const { guide, part } of Object.values(parts)) {
      const ids = blocks_of(text_of('ru', guide)).map((block) =>
        block.kind === 'heading' ? block.id : '',
      );
      expect(ids, `${guide}#${part}`).toContain(part);
    }
  });
  it('opens on the part of the page, else on the role', () => {
    expect(guide_of('/inbox/signal_1', 'administrator')).toBe('/guide/checker#inbox');
    expect(guide_of('/points/p/check', 'administrator')).toBe('/guide/administrator#points');
    expect(guide_of('/checks', 'employee')).toBe('/guide/employee#checks');
    expect(guide_of('/password', 'checker')).toBe('/guide/checker');
  });
  it('reads its marks', () => {
    expect(blocks_of('# A\n\n## B {#b}\n\n1. x\n2. y\n\n![p](../q.png)\n\nz\nz')).toEqual([
      { kind: 'title', text: 'A' },
      { kind: 'heading', text: 'B', id: 'b' },
      { kind: 'list', items: ['x', 'y'] },
      { kind: 'picture', text: 'p', file: 'q.png' },
      { kind: 'text', text: 'z z' },
    ]);
    expect(pieces_of('press `J`')).toEqual([
      { text: 'press ', key: false },
      { text: 'J', key: true },
    ]);
  });
});
