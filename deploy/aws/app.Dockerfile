# syntax=docker/dockerfile:1
# The application's image with what it needs on AWS: the authorities that sign RDS' certificates.
ARG APP_IMAGE=med-ed-op-grader:dev
FROM ${APP_IMAGE}
ADD --chmod=444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem /etc/ssl/certs/rds.pem
# Fargate mounts an empty folder here; being declared, it keeps the rights that the image gave it.
VOLUME ["/tmp"]
