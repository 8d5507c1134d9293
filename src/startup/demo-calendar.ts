/** The months that the demo population and the imported public set speak of, and the day on which they are judged. */
export const DEMO_FIRST_MONTH = '2025-01';
export const DEMO_LAST_MONTH = '2026-01';
export const DEMO_AS_OF = '2026-02-01';
