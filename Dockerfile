FROM node:20-slim AS build
WORKDIR /portal
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:20-slim
WORKDIR /portal
ENV NODE_ENV=production
COPY --from=build /portal/package.json ./
COPY --from=build /portal/node_modules node_modules
COPY --from=build /portal/build build
USER node
EXPOSE 3000
# Started directly and not through npm, so that SIGTERM reaches the process.
ENTRYPOINT ["node", "build/entry.start.js"]
CMD ["web"]
