// Named filters of a list: own ones, shared ones, and the one it opens with.
import { Menu } from '@mantine/core';
import {
  IconBookmark,
  IconChevronDown,
  IconHome,
  IconPlus,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { refusal_of } from '../../api/refusal';
import { useT } from '../../lib/lang';
import { Button } from '../../ui/Button';
import { Form, FormError, TextField } from '../../ui/Form';
import { MenuChoice } from '../../ui/MenuChoice';
import { current_of, query_of } from './query';
import { useViewChanges, useViews, type ListName, type ViewRow } from './queries';
import './views.css';

function NewView({
  list,
  query,
  may_share,
  onClose,
}: {
  list: ListName;
  query: string;
  may_share: boolean;
  onClose: () => void;
}) {
  const t = useT();
  const [name, set_name] = useState('');
  const [shared, set_shared] = useState(false);
  const { make } = useViewChanges(list);
  return (
    <Form
      className="o-view-form"
      error={refusal_of(make.error)}
      onSubmit={() => make.mutate({ name: name.trim(), query, shared }, { onSuccess: onClose })}
    >
      <TextField
        path="name"
        autoFocus
        label={t('ui.view.name')}
        placeholder={t('ui.view.name_example')}
        value={name}
        maxLength={40}
        onChange={(event) => set_name(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && onClose()}
      />
      {may_share && (
        <label className="o-row o-view-share">
          <input
            type="checkbox"
            checked={shared}
            onChange={(event) => set_shared(event.currentTarget.checked)}
          />
          {t('ui.view.shared')}
        </label>
      )}
      <FormError paths={['name']} />
      <div className="o-row">
        <Button
          kind="primary"
          type="submit"
          busy={make.isPending}
          reason={name.trim() ? undefined : t('ui.view.name_needed')}
        >
          {t('ui.day.save')}
        </Button>
        <Button kind="ghost" onClick={onClose}>
          {t('ui.cancel')}
        </Button>
      </div>
    </Form>
  );
}

function OfCurrent({
  list,
  view,
  is_default,
}: {
  list: ListName;
  view: ViewRow;
  is_default: boolean;
}) {
  const t = useT();
  const { change, remove, set_default } = useViewChanges(list);
  return (
    <>
      <Menu.Item
        leftSection={<IconHome size={16} aria-hidden />}
        onClick={() => set_default.mutate(is_default ? null : view.id)}
      >
        {t(is_default ? 'ui.view.not_default' : 'ui.view.make_default')}
      </Menu.Item>
      {view.own && (
        <>
          <Menu.Item
            leftSection={<IconUsers size={16} aria-hidden />}
            onClick={() => change.mutate({ ...view, shared: !view.shared })}
          >
            {t(view.shared ? 'ui.view.unshare' : 'ui.view.share')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => remove.mutate(view)}
          >
            {t('ui.view.remove')}
          </Menu.Item>
        </>
      )}
    </>
  );
}

export function ViewsMenu({
  list,
  but,
  may_share,
  onReady,
}: {
  list: ListName;
  /** Parts of the address that no view keeps: what is open just now. */
  but?: readonly string[];
  may_share: boolean;
  /** The address holds the view that the list opens with, or there is none. */
  onReady?: () => void;
}) {
  const t = useT();
  const [search, set_search] = useSearchParams();
  const { data, isPending } = useViews(list);
  const [naming, set_naming] = useState(false);
  const views = data?.items ?? [];
  const query = query_of(search, but);
  const current = current_of(views, search, but);
  const start = views.find((one) => one.id === data?.default_id);
  // The list is opened with the view of one's choice, unless the address asks for something.
  const opened = useRef(false);
  useEffect(() => {
    if (isPending) return;
    const opens = !opened.current && start && query === '';
    opened.current = true;
    if (opens) set_search(start.query, { replace: true });
    else onReady?.();
  }, [isPending, start, query, set_search, onReady]);
  const show = (text: string) => set_search(text, { replace: true });
  return (
    <div className="o-views">
      <Menu position="bottom-end" width="max-content">
        <Menu.Target>
          <button type="button" className="o-filter">
            <IconBookmark size={16} aria-hidden />
            <b className="o-cut o-views-name">{current?.name ?? t('ui.view.title')}</b>
            <IconChevronDown size={16} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown className="o-filter-drop">
          <MenuChoice on={query === ''} onClick={() => show('')}>
            {t('ui.view.whole')}
          </MenuChoice>
          {views.map((one) => (
            <MenuChoice
              key={one.id}
              on={one === current}
              right={one.shared && <IconUsers size={14} aria-label={t('ui.view.is_shared')} />}
              onClick={() => show(one.query)}
            >
              {one.name}
            </MenuChoice>
          ))}
          <Menu.Divider />
          {current ? (
            <OfCurrent list={list} view={current} is_default={current === start} />
          ) : (
            <Menu.Item
              leftSection={<IconPlus size={16} aria-hidden />}
              disabled={query === ''}
              onClick={() => set_naming(true)}
            >
              {t(query === '' ? 'ui.view.set_filters' : 'ui.view.save')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <NewView
          list={list}
          query={query}
          may_share={may_share}
          onClose={() => set_naming(false)}
        />
      )}
    </div>
  );
}
