# Two stages: the first compiles, the second holds only what runs.
# Containers work on the Redis of REDIS_URL; there is no redis-server in the image, so `run` needs
# REDIS_URL too.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json tsconfig.browser.json ./
COPY src ./src
COPY scripts/bundle.js ./scripts/
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY examples ./examples
# A new volume of the console has this owner and mode.
RUN install -d -o node -g node -m 700 /var/lib/onboard
USER node
# True for every role: Redis answers and holds a ledger. The console in docker-compose.yml asks its
# own /readyz instead.
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s --retries=3 \
  CMD ["node", "/app/dist/cli.js", "status"]
# Node is process 1 and gets SIGTERM itself: a worker finishes its running requests and leaves.
ENTRYPOINT ["node", "/app/dist/cli.js"]
CMD ["worker"]
