/** What users, copy and paste, and attackers put into texts. */
export const NAUGHTY = [
  'undefined', 'null', 'NaN', 'true', '0', '-1', '1e309', '0x7f', '٠١٢', '½', '\\', '/', "'", '"', '`', '%', '%s %d %n', '%00',
  '${7*7}', '{{ 7*7 }}', '#{7*7}', '$1', '$$', '?', ';', '--', '/* */', "'; drop table yeyak.notifications; --", '1 or 1=1',
  '<script>alert(1)</script>', '&lt;', ']]>', '../../etc/passwd', 'C:\\con\\aux', '\t', ' ', '\u00a0', '\u3000', '\u200b', '\ufeff',
  '\r\nX-Injected: 1', 'a\nb', '\u001b[31mred', '\u0001', '\u007f', '\u0085', '\u2028', '\u2029', '예약 알림', '表ポあA鷗', '😀👩‍👩‍👧‍👦🏳️‍🌈', '\u202eevil',
  'Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮', 'ｆｕｌｌ', 'ß', 'ı', 'İ', '\u{10ffff}', '\ufffe', '\uffff', 'constructor', '__proto__', 'toString', '[object Object]',
  '{"a":1}', '[1]', '\\u0041', '\\x41', 'x'.repeat(250),
] // prettier-ignore
