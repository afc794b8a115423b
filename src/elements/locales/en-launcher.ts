/** English, the part the launcher needs. */
export const enLauncher = {
  launch: 'Practice with AI',
  opening: 'Opening',
  goOn: 'Continue practice',
  misconfigured: 'This practice is not set up correctly. Please tell your course team.',
  loadFailed: 'Practice could not be loaded. Check your connection and try again, or reload the page.',
  retry: 'Try again',
};
