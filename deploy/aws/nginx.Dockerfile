# syntax=docker/dockerfile:1
# nginx with its configuration inside, because a Fargate task can't mount files. Built in the context deploy/nginx.
ARG NGINX_IMAGE=nginxinc/nginx-unprivileged:1.28-bookworm
FROM ${NGINX_IMAGE}
USER 0
RUN rm -f /etc/nginx/conf.d/default.conf && chown 101 /etc/nginx/conf.d
COPY nginx.conf /etc/nginx/nginx.conf
COPY snippets /etc/nginx/snippets
COPY templates-behind-load-balancer /etc/nginx/templates
USER 101
# Fargate mounts empty folders here; being declared, they keep the rights that the image gave them.
VOLUME ["/tmp", "/etc/nginx/conf.d"]
