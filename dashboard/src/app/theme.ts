import { createElement } from 'react'
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'
import { Icon } from './icons.tsx'

/** From the sea: its darker shades bear white text at 5 : 1 and more, in both themes. */
const sea: MantineColorsTuple = [
  '#eaf6f8',
  '#d3e9ee',
  '#a6d3de',
  '#75bccd',
  '#4da8bf',
  '#3399b3',
  '#1f8aa5',
  '#0f7690',
  '#0b6178',
  '#084c5f',
]

const night: MantineColorsTuple = [
  '#e4eaec',
  '#c3ced3',
  '#a1b0b7',
  '#73838b',
  '#3d4a51',
  '#2a343a',
  '#1c2327',
  '#161c1f',
  '#12171a',
  '#0d1113',
]

/** Of the default greys and colours some fail 4.5 : 1 on our grounds; these were measured. */
export const theme = createTheme({
  primaryColor: 'sea',
  primaryShade: { light: 8, dark: 7 },
  colors: { sea, dark: night },
  fontFamily: "'Noto Sans KR Variable', system-ui, sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace, 'Noto Sans KR Variable'",
  headings: { fontFamily: "'Noto Sans KR Variable', system-ui, sans-serif", fontWeight: '650' },
  defaultRadius: 'md',
  autoContrast: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45 } } },
    Tooltip: {
      defaultProps: {
        multiline: true,
        maw: 320,
        withArrow: true,
        events: { hover: true, focus: true, touch: true },
      },
    },
    // The library's own arrow is told to those who listen, and has no name.
    NativeSelect: { defaultProps: { rightSection: createElement(Icon, { name: 'down', size: 14 }) } },
    Menu: { defaultProps: { position: 'bottom-end', shadow: 'md' } },
  },
})

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f7f9fa',
    '--mantine-color-text': '#17242a',
    '--mantine-color-dimmed': '#52636b',
    '--mantine-color-placeholder': '#5f7078',
    '--mantine-color-error': '#b42318',
    '--mantine-color-default-border': '#c9d3d8',
    '--mantine-color-anchor': '#0b6178',
  },
  dark: {
    '--mantine-color-body': '#12171a',
    '--mantine-color-text': '#e4eaec',
    '--mantine-color-dimmed': '#a1b0b7',
    '--mantine-color-placeholder': '#94a4ab',
    '--mantine-color-error': '#ff9d94',
    '--mantine-color-default': '#1c2327',
    '--mantine-color-default-border': '#3d4a51',
    '--mantine-color-anchor': '#75c9de',
  },
})
