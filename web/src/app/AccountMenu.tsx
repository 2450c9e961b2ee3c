import { Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconKey, IconLogout, IconMap2, IconUser } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { send } from '../api/call';
import { set_lang, text_of, useLang, useT, type Key, type Lang } from '../lib/lang';
import { MenuChoice } from '../ui/MenuChoice';
import { paths } from './paths';
import { sign_out, useSession } from './session';

const themes: { id: MantineColorScheme; word: Key }[] = [
  { id: 'light', word: 'ui.theme.light' },
  { id: 'dark', word: 'ui.theme.dark' },
  { id: 'auto', word: 'ui.theme.system' },
];
// A language is named in itself, so that a lost reader finds it.
const langs: { id: Lang; word: Key }[] = [
  { id: 'ru', word: 'ui.lang.ru' },
  { id: 'en', word: 'ui.lang.en' },
];

/** Language (kept with the account), theme (of this browser), password, sign out. */
export function AccountItems() {
  const t = useT();
  const lang = useLang();
  const client = useQueryClient();
  const go = useNavigate();
  const { visitor, tour } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choose = async (next: Lang) => {
    await set_lang(next);
    if (!visitor) await send('put', '/session/language', { language: next }).catch(() => undefined);
    // Reasons and errors come from the server in the language of the account.
    await client.invalidateQueries();
  };
  return (
    <>
      <Menu.Label>{t('ui.account.language')}</Menu.Label>
      {langs.map((one) => (
        <MenuChoice
          key={one.id}
          on={one.id === lang}
          lang={one.id}
          onClick={() => void choose(one.id)}
        >
          {t(one.word)}
        </MenuChoice>
      ))}
      <Menu.Divider />
      <Menu.Label>{t('ui.account.theme')}</Menu.Label>
      {themes.map((one) => (
        <MenuChoice key={one.id} on={one.id === colorScheme} onClick={() => setColorScheme(one.id)}>
          {t(one.word)}
        </MenuChoice>
      ))}
      <Menu.Divider />
      {tour && (
        <Menu.Item
          leftSection={<IconMap2 size={16} aria-hidden />}
          onClick={() => void go(paths.tour)}
        >
          {t('ui.sign_in.tour')}
        </Menu.Item>
      )}
      {!visitor && (
        <Menu.Item
          leftSection={<IconKey size={16} aria-hidden />}
          onClick={() => void go(paths.password)}
        >
          {t('ui.password.change')}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void sign_out()}>
        {t('ui.account.sign_out')}
      </Menu.Item>
    </>
  );
}

export function AccountMenu() {
  const t = useT();
  const session = useSession();
  const role = session.visitor
    ? t('ui.account.visitor')
    : (text_of(`ui.role.${session.role}`) ?? session.role);
  return (
    <Menu position="right-end" width={208}>
      <Menu.Target>
        <button type="button" className="o-me">
          <IconUser size={16} aria-hidden className="o-me-icon" />
          <span className="o-lb">
            <span className="o-m o-cut">{session.person_name}</span>
            <span className="o-3 o-s o-cut">{role}</span>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <AccountItems />
      </Menu.Dropdown>
    </Menu>
  );
}
