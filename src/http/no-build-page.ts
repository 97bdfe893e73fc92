/** In the place of the dashboard where it was not built: plain, and in both languages, as nothing is known of the reader. */
export const noBuildPage = (nonce: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Yeyak</title>
<style nonce="${nonce}">body{font:1rem/1.6 system-ui,sans-serif;max-width:42rem;margin:10vh auto;padding:0 1rem;color-scheme:light dark}</style>
</head>
<body><main>
<h1>The dashboard has not been built</h1>
<p>The API works. In a clone, <code>npm ci</code> builds the dashboard, and so does <code>npm run build</code>; published packages and images contain it. Then load this page again.</p>
<p lang="ko">대시보드가 아직 빌드되지 않았습니다. API는 정상 작동합니다. 저장소에서 <code>npm ci</code> 또는 <code>npm run build</code>를 실행한 뒤 이 페이지를 새로 고치세요.</p>
<p><a href="/docs">API documentation · API 문서</a></p>
</main></body>
</html>
`
