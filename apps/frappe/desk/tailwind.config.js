import preset from 'frappe-ui/tailwind';

// frappe-ui's preset gives the palette and its light and dark variables; the desk's own styles are built on those variables.
/** @type {import('tailwindcss').Config} */
export default { presets: [preset], content: ['./src/**/*.{vue,ts}'] };
