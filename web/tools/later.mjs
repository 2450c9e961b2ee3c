// Which words of the desk do not come with the first page: those of pages opened later.
const later = new Set([
  'clip.gap',
  'ui.board',
  'ui.find',
  'ui.first_day',
  'ui.first_run',
  'ui.form',
  'ui.machine',
  'ui.not_found',
  'ui.guide',
  'ui.import',
  'ui.paper',
  'ui.people',
  'ui.points',
  'ui.recording',
  'ui.recordings',
  'ui.repair',
  'ui.set',
  'ui.step',
  'ui.tour',
  'ui.trade',
  'ui.transcript',
  'ui.try',
  'ui.upload',
  'ui.verb',
]);

export const is_later = (key) => later.has(key.split('.').slice(0, 2).join('.'));
