// Elements without a framework: text is always text, never markup.

type Child = Node | string | null | false | undefined;
type Attributes = Record<string, string | number | boolean | ((event: never) => void) | undefined>;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value as EventListener);
    else if (value !== undefined && value !== false)
      made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((one): one is Node | string => Boolean(one)));
  return made;
}

function svg(tag: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// Outlines of Tabler icons (MIT), the same as in the desk.
const outlines = {
  answer:
    'M8 9h8M8 13h6M18 4a3 3 0 0 1 3 3v8a3 3 0 0 1 -3 3h-5l-5 3v-3h-2a3 3 0 0 1 -3 ' +
    '-3v-8a3 3 0 0 1 3 -3h12',
  idea:
    'M3 12h1m8 -9v1m8 8h1m-15.4 -6.4l.7 .7m12.1 -.7l-.7 .7M9 16a5 5 0 1 1 6 0a3.5 ' +
    '3.5 0 0 0 -1 3a2 2 0 0 1 -4 0a3.5 3.5 0 0 0 -1 -3M9.7 17l4.6 0',
  complaint:
    'M7 13v-8a1 1 0 0 0 -1 -1h-2a1 1 0 0 0 -1 1v7a1 1 0 0 0 1 1h3a4 4 0 0 1 4 4v1a2 ' +
    '2 0 0 0 4 0v-5h3a2 2 0 0 0 2 -2l-1 -5a2 3 0 0 0 -2 -2h-7a3 3 0 0 0 -3 3',
  praise:
    'M7 11v8a1 1 0 0 1 -1 1h-2a1 1 0 0 1 -1 -1v-7a1 1 0 0 1 1 -1h3a4 4 0 0 0 4 ' +
    '-4v-1a2 2 0 0 1 4 0v5h3a2 2 0 0 1 2 2l-1 5a2 3 0 0 1 -2 2h-7a3 3 0 0 1 -3 -3',
  check: 'M5 12l5 5l10 -10',
  pause: 'M6 5h4v14h-4zM14 5h4v14h-4z',
  cloud_off:
    'M9.58 5.548a6 6 0 0 1 6.196 .714c1.488 1.19 2.162 3.007 1.77 4.769h.99c1.913 0 ' +
    '3.464 1.56 3.464 3.486c0 .957 -.383 1.824 -1.003 2.454m-2.997 ' +
    '1.033h-11.343c-2.572 -.004 -4.657 -2.011 -4.657 -4.487c0 -2.475 2.085 -4.482 ' +
    '4.657 -4.482c.13 -.582 .37 -1.128 .7 -1.62M3 3l18 18',
  warning:
    'M12 9v4M12 16v.01M5 19h14a2 2 0 0 0 1.84 -2.75l-7.1 -12.25a2 2 0 0 0 -3.5 ' +
    '0l-7.1 12.25a2 2 0 0 0 1.75 2.75',
} as const;
export type IconName = keyof typeof outlines;

export function icon(name: string): SVGElement {
  const made = svg('svg', { viewBox: '0 0 24 24', class: 'p-icon', 'aria-hidden': 'true' });
  made.append(svg('path', { d: outlines[name as IconName] ?? outlines.answer }));
  return made;
}

const radius = 24;
export const ring_length = 2 * Math.PI * radius;

/** A ring that empties: set(0…1, the number inside). */
export function ring(): { node: HTMLElement; set: (left: number, text: string) => void } {
  const circle = (cls: string) => svg('circle', { cx: '28', cy: '28', r: `${radius}`, class: cls });
  const [ground, left_part] = [circle('p-ring-ground'), circle('p-ring-left')];
  const picture = svg('svg', { viewBox: '0 0 56 56', 'aria-hidden': 'true' });
  picture.append(ground, left_part);
  const number = el('b', {});
  const node = el('span', { class: 'p-ring' }, picture as unknown as Node, number);
  left_part.setAttribute('stroke-dasharray', `${ring_length}`);
  return {
    node,
    set: (left, text) => {
      left_part.setAttribute('stroke-dashoffset', `${ring_length * (1 - left)}`);
      number.textContent = text;
    },
  };
}
