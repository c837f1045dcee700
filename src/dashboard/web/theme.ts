import { type CSSVariablesResolver, createTheme } from '@mantine/core';

/** Questline's theme: Mantine's, with shades that text can be read on. */
export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1rem', lineHeight: '1.4' } },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // A dialog's header is no banner of the page.
    Modal: { defaultProps: { attributes: { header: { role: 'none' } } } },
    Tooltip: { defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true } } },
  },
});

/** Colours beside the theme: of series, which differ by 3:1 from the page, and of text that is not main. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#565d64',
    '--mantine-color-body': '#f6f7f9',
    '--heat-most': '48%',
    '--heat-slope': '0.8',
    '--surface': '#ffffff',
    '--line': '#dfe3e8',
    '--series-1': '#1864ab',
    '--series-2': '#c2410c',
    '--series-3': '#2b8a3e',
    '--series-4': '#862e9c',
    '--series-5': '#7a5d00',
    '--series-6': '#0b7285',
    '--series-7': '#c2255c',
    '--series-8': '#495057',
    '--series-before': '#6b7580',
    '--good': '#23713a',
    '--bad': '#b3261e',
    '--warn': '#8a5200',
  },
  dark: {
    '--mantine-color-dimmed': '#a9b1ba',
    '--mantine-color-body': '#14171c',
    '--heat-most': '34%',
    '--heat-slope': '0.55',
    '--mantine-color-text': '#dfe3e8',
    '--surface': '#1c2128',
    '--line': '#343b45',
    '--series-1': '#74c0fc',
    '--series-2': '#ffa94d',
    '--series-3': '#69db7c',
    '--series-4': '#e599f7',
    '--series-5': '#ffe066',
    '--series-6': '#66d9e8',
    '--series-7': '#faa2c1',
    '--series-8': '#ced4da',
    '--series-before': '#909aa6',
    '--good': '#69db7c',
    '--bad': '#ff8787',
    '--warn': '#ffc078',
  },
});
