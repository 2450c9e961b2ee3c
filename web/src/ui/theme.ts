// Mantine in our clothes: its variables point at the tokens, so both themes follow light-dark().
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#e8effd',
  '#d0dffa',
  '#a3bef4',
  '#7a9fed',
  '#5782e3',
  '#3a66d6',
  '#2456cc',
  '#1b46ad',
  '#17398c',
  '#122c6c',
];

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 5 },
  colors: { accent },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font)',
  headings: { fontFamily: 'var(--font)', fontWeight: '600' },
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Menu: { defaultProps: { shadow: 'none', transitionProps: { duration: 0 }, offset: 4 } },
    Popover: { defaultProps: { shadow: 'none', transitionProps: { duration: 0 }, offset: 4 } },
    Tooltip: {
      defaultProps: {
        openDelay: 300,
        transitionProps: { duration: 0 },
        multiline: true,
        offset: 6,
        events: { hover: true, focus: true, touch: true },
      },
    },
    Modal: { defaultProps: { transitionProps: { duration: 0 }, centered: true, radius: 8 } },
    InputWrapper: {
      defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] },
    },
  },
});

export const resolver: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--bg)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-2)',
    '--mantine-color-placeholder': 'var(--text-3)',
    '--mantine-color-default': 'var(--bg)',
    '--mantine-color-default-border': 'var(--line-ctl)',
    '--mantine-color-default-hover': 'var(--bg-hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-error': 'var(--red)',
    '--mantine-color-anchor': 'var(--accent-tx)',
    '--mantine-color-disabled': 'var(--bg-sunk)',
    '--mantine-color-disabled-color': 'var(--text-3)',
    '--mantine-color-disabled-border': 'var(--line)',
    '--mantine-primary-color-filled': 'var(--accent)',
    '--mantine-primary-color-filled-hover': 'var(--accent-hi)',
  };
  return { variables: {}, light: both, dark: both };
};

/** The nonce of this answer, put into the page by the server. */
export function style_nonce(): string {
  const held = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]');
  return held?.nonce || held?.content || '';
}
