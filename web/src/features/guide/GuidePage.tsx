// «Справка»: the guide of docs/guide by role, in the language in force, with pictures of the demo.
import { useQuery } from '@tanstack/react-query';
import { Fragment, useEffect } from 'react';
import { useLang, useT } from '../../lib/lang';
import { Loaded } from '../../ui/Loaded';
import { Tabs } from '../../ui/Tabs';
import { blocks_of, pieces_of, type Block } from './marks';
import './guide.css';

export const guides = ['checker', 'head', 'employee', 'administrator'] as const;

const texts = import.meta.glob<string>('../../../../docs/guide/*/*.md', {
  query: '?raw',
  import: 'default',
});
const pictures = import.meta.glob<string>('../../../../docs/guide/pictures/*.webp', {
  query: '?url',
  import: 'default',
  eager: true,
});
const address_of = (file: string) => pictures[`../../../../docs/guide/pictures/${file}`];

function Words({ text }: { text: string }) {
  return pieces_of(text).map((piece, i) =>
    piece.key ? <kbd key={i}>{piece.text}</kbd> : <Fragment key={i}>{piece.text}</Fragment>,
  );
}

function Shown({ block }: { block: Block }) {
  switch (block.kind) {
    case 'title':
      return <h1>{block.text}</h1>;
    case 'heading':
      return (
        <h2 id={block.id} tabIndex={-1}>
          {block.text}
        </h2>
      );
    case 'list':
      return (
        <ol>
          {block.items.map((item, i) => (
            <li key={i}>
              <Words text={item} />
            </li>
          ))}
        </ol>
      );
    case 'picture':
      return (
        <figure>
          <img src={address_of(block.file)} alt={block.text} loading="lazy" />
        </figure>
      );
    default:
      return (
        <p>
          <Words text={block.text} />
        </p>
      );
  }
}

/** The part that the address names is brought into sight once it stands. */
function Body({ source, part }: { source: string; part: string }) {
  useEffect(() => {
    const heading = part ? document.getElementById(part) : null;
    heading?.scrollIntoView({ block: 'start' });
    heading?.focus({ preventScroll: true });
  }, [source, part]);
  return blocks_of(source).map((block, i) => <Shown key={i} block={block} />);
}

export function GuidePage({
  guide,
  part,
  link,
}: {
  guide: string;
  part: string;
  link: (guide: string) => string;
}) {
  const t = useT();
  const lang = useLang();
  const path = `../../../../docs/guide/${lang}/${guide}.md`;
  const asked = useQuery({
    queryKey: ['guide', lang, guide],
    queryFn: () => texts[path]?.() ?? Promise.reject(new Error(guide)),
    staleTime: Infinity,
    retry: 1,
  });
  return (
    <div className="o-plain-guide">
      <p className="o-3">{t('ui.guide.what')}</p>
      <Tabs
        label={t('ui.shell.guide')}
        current={guide}
        tabs={guides.map((one) => ({ id: one, label: t(`ui.guide.of.${one}`), to: link(one) }))}
      />
      <article className="o-guide">
        <Loaded asking={asked} title={t('ui.guide.failed')} rows={8}>
          {(source) => <Body source={source} part={part} />}
        </Loaded>
      </article>
    </div>
  );
}
