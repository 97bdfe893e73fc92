/** In a file of its own: a hundred parts of a typeface, of which a browser fetches those that the page has letters of. */
import '@fontsource-variable/noto-sans-kr/wght.css'
