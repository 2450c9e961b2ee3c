// Sites with their points; a point opens a page of its own.
import { IconAlertCircle, IconCircleCheck, IconMapPin, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { id_part, send } from '../../api/call';
import { locale, useT } from '../../lib/lang';
import { minus, nbsp } from '../../lib/numbers';
import { Button } from '../../ui/Button';
import { SelectField } from '../../ui/Fields';
import { TextField } from '../../ui/Form';
import { Loaded } from '../../ui/Loaded';
import { EmptyState } from '../../ui/States';
import { StateWord } from '../../ui/StateWord';
import { Editor, ListExport, Part, said, useChange } from './kit';
import { usePoints, useSites, useZones, type Point, type Site } from './queries';

function offset_text(minutes: number): string {
  const whole = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `UTC${minutes < 0 ? minus : '+'}${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

/** A zone as people name it, with its distance from UTC; its bare name where none is known. */
export function zone_words(zone: string): string {
  const part = (style: 'longGeneric' | 'shortOffset') =>
    new Intl.DateTimeFormat(locale(), { timeZone: zone, timeZoneName: style })
      .formatToParts(new Date())
      .find((one) => one.type === 'timeZoneName')?.value ?? zone;
  try {
    // Russian says the city, a comma and «standard time»; the city is enough.
    return `${part('longGeneric').split(',')[0]} (${part('shortOffset').replace('GMT', 'UTC')})`;
  } catch {
    return zone;
  }
}

function SiteEditor({ site, onClose }: { site?: Site; onClose: () => void }) {
  const t = useT();
  const zones = useZones().data?.items ?? [];
  const [name, set_name] = useState(site?.name ?? '');
  const [address, set_address] = useState(site?.address ?? '');
  const [zone, set_zone] = useState(site?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const change = useChange(
    () =>
      site
        ? send('put', `/sites/${id_part(site.id)}`, { name, zone, address }, site.version)
        : send('post', '/sites', { name, zone, address }),
    ['site', 'point', 'unit'],
    () => {
      said(t('ui.set.saved'))();
      onClose();
    },
  );
  return (
    <Editor
      title={t(site ? 'ui.set.site_change' : 'ui.set.site_new')}
      change={change}
      paths={['name', 'zone', 'address']}
      onSubmit={() => change.mutate(undefined)}
      onClose={onClose}
    >
      <TextField
        path="name"
        label={t('ui.set.name')}
        value={name}
        onChange={(event) => set_name(event.currentTarget.value)}
      />
      <TextField
        path="address"
        label={t('ui.set.address')}
        value={address}
        onChange={(event) => set_address(event.currentTarget.value)}
      />
      <SelectField
        path="zone"
        label={t('ui.set.zone')}
        description={t('ui.set.zone_help')}
        searchable
        limit={200}
        value={zone}
        data={zones.map((one) => ({
          value: one.name,
          label: `${one.name.replace(/_/g, ' ')}${nbsp} ${offset_text(one.offset_minutes)}`,
        }))}
        nothingFoundMessage={t('ui.first_run.zone_none')}
        onChange={(value) => set_zone(value ?? zone)}
      />
    </Editor>
  );
}

function NewPoint({ site, onClose }: { site: Site; onClose: () => void }) {
  const t = useT();
  const [name, set_name] = useState('');
  const change = useChange(
    () => send('post', '/points', { site_id: site.id, name }),
    ['point'],
    () => {
      said(t('ui.set.point_made'))();
      onClose();
    },
  );
  return (
    <Editor
      change={change}
      paths={['name']}
      save={t('ui.set.add')}
      onSubmit={() => change.mutate(undefined)}
      onClose={onClose}
    >
      <TextField
        path="name"
        label={t('ui.set.point_name')}
        description={t('ui.first_run.point_help')}
        value={name}
        autoFocus
        onChange={(event) => set_name(event.currentTarget.value)}
      />
    </Editor>
  );
}

function OneSite({
  site,
  points,
  link,
}: {
  site: Site;
  points: readonly Point[];
  link: (id: string) => string;
}) {
  const t = useT();
  const [open, set_open] = useState<'site' | 'point' | null>(null);
  const close = () => set_open(null);
  return (
    <Part
      title={site.name}
      what={[site.address, zone_words(site.zone)].filter(Boolean).join(', ')}
      action={
        <>
          <Button kind="ghost" onClick={() => set_open('site')}>
            {t('ui.set.change')}
          </Button>
          <Button icon={IconPlus} onClick={() => set_open('point')}>
            {t('ui.points.add')}
          </Button>
        </>
      }
    >
      {open === 'site' && <SiteEditor site={site} onClose={close} />}
      {open === 'point' && <NewPoint site={site} onClose={close} />}
      <ul className="o-set-rows">
        {points.map((point) => (
          <li key={point.id}>
            <Link to={link(point.id)}>
              <span className="o-m o-cut">{point.name}</span>
              <span className="o-3 o-cut" title={point.zone}>
                {zone_words(point.zone)}
              </span>
              {point.archived_at ? (
                <span className="o-3">{t('ui.set.archived')}</span>
              ) : point.basis_confirmed ? (
                <StateWord icon={IconCircleCheck} tone="quiet">
                  {t('ui.set.basis_there')}
                </StateWord>
              ) : (
                <StateWord icon={IconAlertCircle} tone="red">
                  {t('ui.points.no_basis_short')}
                </StateWord>
              )}
            </Link>
          </li>
        ))}
        {points.length === 0 && <li className="o-3">{t('ui.set.no_points')}</li>}
      </ul>
    </Part>
  );
}

export function Sites({ link }: { link: (id: string) => string }) {
  const t = useT();
  const sites = useSites();
  const points = usePoints().data?.items ?? [];
  const [adding, set_adding] = useState(false);
  const add = (
    <Button icon={IconPlus} onClick={() => set_adding(true)}>
      {t('ui.set.site_add')}
    </Button>
  );
  return (
    <Loaded asking={sites} title={t('ui.set.failed')}>
      {(data) => (
        <>
          {adding && <SiteEditor onClose={() => set_adding(false)} />}
          {data.items.map((site) => (
            <OneSite
              key={site.id}
              site={site}
              points={points.filter((point) => point.site_id === site.id)}
              link={link}
            />
          ))}
          {data.items.length === 0 && !adding ? (
            <EmptyState
              icon={IconMapPin}
              title={t('ui.set.no_sites')}
              what={t('ui.set.no_sites_what')}
              action={add}
            />
          ) : (
            !adding && (
              <div className="o-set-more o-row">
                {add}
                <ListExport path="/points" />
              </div>
            )
          )}
        </>
      )}
    </Loaded>
  );
}
