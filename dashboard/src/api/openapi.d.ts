// Written by `npm run types` from /openapi.json; a test holds it equal to that.

export interface paths {
    "/healthz": {
        get: {
            responses: {
                200: {
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
    };
    "/readyz": {
        get: {
            responses: {
                200: {
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
    };
    "/": {
        get: {
            responses: {
                200: {
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
    };
    "/v1/notifications": {
        get: {
            parameters: {
                query?: {
                    state?: string;
                    channel?: string;
                    to?: string;
                    tag?: string | string[];
                    groupKey?: string;
                    dedupeKey?: string;
                    scheduleId?: string;
                    dueFrom?: string;
                    dueTo?: string;
                    createdFrom?: string;
                    createdTo?: string;
                    q?: string;
                    error?: string;
                    provider?: string;
                    limit?: number;
                    cursor?: string;
                    sort?: "dueAt" | "-dueAt" | "createdAt" | "-createdAt" | "updatedAt" | "-updatedAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                state: "scheduled" | "queued" | "sending" | "retrying" | "delivered" | "failed" | "canceled" | "expired";
                                reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "request" | "group" | "forgotten") | null;
                                /** @enum {string} */
                                channel: "log" | "email" | "webhook";
                                to: unknown;
                                message?: string;
                                subject?: string;
                                text?: string;
                                html?: string;
                                cc?: string | string[];
                                bcc?: string | string[];
                                replyTo?: string;
                                from?: string;
                                attachments?: {
                                    filename: string;
                                    contentType?: string;
                                    content: string;
                                }[];
                                payload?: unknown;
                                headers?: {
                                    [key: string]: unknown;
                                };
                                sendAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                /** Format: date-time */
                                dueAt: string;
                                expiresAt: string | null;
                                nextAttemptAt: string | null;
                                priority: number;
                                dedupeKey: string | null;
                                /** @constant */
                                deduplicated?: true;
                                groupKey: string | null;
                                scheduleId: string | null;
                                retry: {
                                    limit: number;
                                    delaySeconds: number;
                                    /** @enum {string} */
                                    backoff: "fixed" | "exponential";
                                    maxDelaySeconds: number;
                                };
                                /** @enum {string} */
                                onUnknown: "retry" | "stop";
                                timeoutSeconds: number;
                                tags: string[];
                                metadata: {
                                    [key: string]: unknown;
                                };
                                attemptCount: number;
                                attempts?: {
                                    number: number;
                                    outcome: ("delivered" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                    /** Format: date-time */
                                    startedAt: string;
                                    finishedAt: string | null;
                                    lateMs: number;
                                    provider: string | null;
                                    providerId: string | null;
                                    statusCode: number | null;
                                    error: {
                                        code: string;
                                        message: string;
                                    } | null;
                                    rejected: {
                                        address: string;
                                        message: string;
                                    }[];
                                    response: string | null;
                                }[];
                                lateMs: number | null;
                                version: number;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        post: {
            parameters: {
                header?: {
                    /** @example order-1042-reminder */
                    "Idempotency-Key"?: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @default log
                         * @enum {string}
                         */
                        channel?: "log" | "email" | "webhook";
                        to?: string | string[];
                        dedupeKey?: string;
                        /**
                         * @default ignore
                         * @enum {string}
                         */
                        onDuplicate?: "ignore" | "replace" | "reject";
                        /** When */
                        sendAt?: unknown;
                        /** When */
                        expiresAt?: unknown;
                        /** @default 0 */
                        priority?: number;
                        groupKey?: string;
                        /**
                         * @default {
                         *       "limit": 3,
                         *       "delaySeconds": 60,
                         *       "backoff": "exponential",
                         *       "maxDelaySeconds": 3600
                         *     }
                         */
                        retry?: {
                            limit?: number;
                            delaySeconds?: number;
                            /** @enum {string} */
                            backoff?: "fixed" | "exponential";
                            maxDelaySeconds?: number;
                        };
                        /**
                         * @default retry
                         * @enum {string}
                         */
                        onUnknown?: "retry" | "stop";
                        /** @default 15 */
                        timeoutSeconds?: number;
                        /** @default [] */
                        tags?: string[];
                        /** @default {} */
                        metadata?: {
                            [key: string]: unknown;
                        };
                        message?: string;
                        subject?: string;
                        text?: string;
                        html?: string;
                        cc?: string | string[];
                        bcc?: string | string[];
                        replyTo?: string;
                        from?: string;
                        attachments?: {
                            filename: string;
                            contentType?: string;
                            content: string;
                        }[];
                        payload?: unknown;
                        headers?: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            state: "scheduled" | "queued" | "sending" | "retrying" | "delivered" | "failed" | "canceled" | "expired";
                            reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "request" | "group" | "forgotten") | null;
                            /** @enum {string} */
                            channel: "log" | "email" | "webhook";
                            to: unknown;
                            message?: string;
                            subject?: string;
                            text?: string;
                            html?: string;
                            cc?: string | string[];
                            bcc?: string | string[];
                            replyTo?: string;
                            from?: string;
                            attachments?: {
                                filename: string;
                                contentType?: string;
                                content: string;
                            }[];
                            payload?: unknown;
                            headers?: {
                                [key: string]: unknown;
                            };
                            sendAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** Format: date-time */
                            dueAt: string;
                            expiresAt: string | null;
                            nextAttemptAt: string | null;
                            priority: number;
                            dedupeKey: string | null;
                            /** @constant */
                            deduplicated?: true;
                            groupKey: string | null;
                            scheduleId: string | null;
                            retry: {
                                limit: number;
                                delaySeconds: number;
                                /** @enum {string} */
                                backoff: "fixed" | "exponential";
                                maxDelaySeconds: number;
                            };
                            /** @enum {string} */
                            onUnknown: "retry" | "stop";
                            timeoutSeconds: number;
                            tags: string[];
                            metadata: {
                                [key: string]: unknown;
                            };
                            attemptCount: number;
                            attempts?: {
                                number: number;
                                outcome: ("delivered" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                /** Format: date-time */
                                startedAt: string;
                                finishedAt: string | null;
                                lateMs: number;
                                provider: string | null;
                                providerId: string | null;
                                statusCode: number | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                rejected: {
                                    address: string;
                                    message: string;
                                }[];
                                response: string | null;
                            }[];
                            lateMs: number | null;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
                201: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            state: "scheduled" | "queued" | "sending" | "retrying" | "delivered" | "failed" | "canceled" | "expired";
                            reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "request" | "group" | "forgotten") | null;
                            /** @enum {string} */
                            channel: "log" | "email" | "webhook";
                            to: unknown;
                            message?: string;
                            subject?: string;
                            text?: string;
                            html?: string;
                            cc?: string | string[];
                            bcc?: string | string[];
                            replyTo?: string;
                            from?: string;
                            attachments?: {
                                filename: string;
                                contentType?: string;
                                content: string;
                            }[];
                            payload?: unknown;
                            headers?: {
                                [key: string]: unknown;
                            };
                            sendAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** Format: date-time */
                            dueAt: string;
                            expiresAt: string | null;
                            nextAttemptAt: string | null;
                            priority: number;
                            dedupeKey: string | null;
                            /** @constant */
                            deduplicated?: true;
                            groupKey: string | null;
                            scheduleId: string | null;
                            retry: {
                                limit: number;
                                delaySeconds: number;
                                /** @enum {string} */
                                backoff: "fixed" | "exponential";
                                maxDelaySeconds: number;
                            };
                            /** @enum {string} */
                            onUnknown: "retry" | "stop";
                            timeoutSeconds: number;
                            tags: string[];
                            metadata: {
                                [key: string]: unknown;
                            };
                            attemptCount: number;
                            attempts?: {
                                number: number;
                                outcome: ("delivered" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                /** Format: date-time */
                                startedAt: string;
                                finishedAt: string | null;
                                lateMs: number;
                                provider: string | null;
                                providerId: string | null;
                                statusCode: number | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                rejected: {
                                    address: string;
                                    message: string;
                                }[];
                                response: string | null;
                            }[];
                            lateMs: number | null;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/notifications/{id}": {
        get: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-None-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            state: "scheduled" | "queued" | "sending" | "retrying" | "delivered" | "failed" | "canceled" | "expired";
                            reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "request" | "group" | "forgotten") | null;
                            /** @enum {string} */
                            channel: "log" | "email" | "webhook";
                            to: unknown;
                            message?: string;
                            subject?: string;
                            text?: string;
                            html?: string;
                            cc?: string | string[];
                            bcc?: string | string[];
                            replyTo?: string;
                            from?: string;
                            attachments?: {
                                filename: string;
                                contentType?: string;
                                content: string;
                            }[];
                            payload?: unknown;
                            headers?: {
                                [key: string]: unknown;
                            };
                            sendAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** Format: date-time */
                            dueAt: string;
                            expiresAt: string | null;
                            nextAttemptAt: string | null;
                            priority: number;
                            dedupeKey: string | null;
                            /** @constant */
                            deduplicated?: true;
                            groupKey: string | null;
                            scheduleId: string | null;
                            retry: {
                                limit: number;
                                delaySeconds: number;
                                /** @enum {string} */
                                backoff: "fixed" | "exponential";
                                maxDelaySeconds: number;
                            };
                            /** @enum {string} */
                            onUnknown: "retry" | "stop";
                            timeoutSeconds: number;
                            tags: string[];
                            metadata: {
                                [key: string]: unknown;
                            };
                            attemptCount: number;
                            attempts?: {
                                number: number;
                                outcome: ("delivered" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                /** Format: date-time */
                                startedAt: string;
                                finishedAt: string | null;
                                lateMs: number;
                                provider: string | null;
                                providerId: string | null;
                                statusCode: number | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                rejected: {
                                    address: string;
                                    message: string;
                                }[];
                                response: string | null;
                            }[];
                            lateMs: number | null;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
        patch: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** When */
                        sendAt?: unknown;
                        /** When */
                        expiresAt?: unknown;
                        /** @default 0 */
                        priority?: number | null;
                        groupKey?: string | null;
                        /**
                         * @default {
                         *       "limit": 3,
                         *       "delaySeconds": 60,
                         *       "backoff": "exponential",
                         *       "maxDelaySeconds": 3600
                         *     }
                         */
                        retry?: {
                            limit?: number | null;
                            delaySeconds?: number | null;
                            /** @enum {string|null} */
                            backoff?: "fixed" | "exponential" | null;
                            maxDelaySeconds?: number | null;
                        } | null;
                        /**
                         * @default retry
                         * @enum {string|null}
                         */
                        onUnknown?: "retry" | "stop" | null;
                        /** @default 15 */
                        timeoutSeconds?: number | null;
                        /** @default [] */
                        tags?: string[] | null;
                        /** @default {} */
                        metadata?: {
                            [key: string]: unknown;
                        } | null;
                        message?: string | null;
                        subject?: string | null;
                        text?: string | null;
                        html?: string | null;
                        cc?: string | string[] | null;
                        bcc?: string | string[] | null;
                        replyTo?: string | null;
                        from?: string | null;
                        attachments?: {
                            filename: string;
                            contentType?: string;
                            content: string;
                        }[] | null;
                        payload?: unknown;
                        headers?: {
                            [key: string]: unknown;
                        } | null;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            state: "scheduled" | "queued" | "sending" | "retrying" | "delivered" | "failed" | "canceled" | "expired";
                            reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "request" | "group" | "forgotten") | null;
                            /** @enum {string} */
                            channel: "log" | "email" | "webhook";
                            to: unknown;
                            message?: string;
                            subject?: string;
                            text?: string;
                            html?: string;
                            cc?: string | string[];
                            bcc?: string | string[];
                            replyTo?: string;
                            from?: string;
                            attachments?: {
                                filename: string;
                                contentType?: string;
                                content: string;
                            }[];
                            payload?: unknown;
                            headers?: {
                                [key: string]: unknown;
                            };
                            sendAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** Format: date-time */
                            dueAt: string;
                            expiresAt: string | null;
                            nextAttemptAt: string | null;
                            priority: number;
                            dedupeKey: string | null;
                            /** @constant */
                            deduplicated?: true;
                            groupKey: string | null;
                            scheduleId: string | null;
                            retry: {
                                limit: number;
                                delaySeconds: number;
                                /** @enum {string} */
                                backoff: "fixed" | "exponential";
                                maxDelaySeconds: number;
                            };
                            /** @enum {string} */
                            onUnknown: "retry" | "stop";
                            timeoutSeconds: number;
                            tags: string[];
                            metadata: {
                                [key: string]: unknown;
                            };
                            attemptCount: number;
                            attempts?: {
                                number: number;
                                outcome: ("delivered" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                /** Format: date-time */
                                startedAt: string;
                                finishedAt: string | null;
                                lateMs: number;
                                provider: string | null;
                                providerId: string | null;
                                statusCode: number | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                rejected: {
                                    address: string;
                                    message: string;
                                }[];
                                response: string | null;
                            }[];
                            lateMs: number | null;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/notifications/{id}/timeline": {
        get: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: date-time */
                                at: string;
                                type: string;
                                detail: string;
                                waitMs: number;
                            }[];
                        };
                    };
                };
            };
        };
    };
    "/v1/notifications/{id}/cancel": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** @constant */
                            outcome: "canceled";
                            /** @constant */
                            state: "canceled";
                        };
                    };
                };
            };
        };
    };
    "/v1/notifications/{id}/send-now": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            state: "scheduled" | "queued" | "sending" | "retrying" | "delivered" | "failed" | "canceled" | "expired";
                            reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "request" | "group" | "forgotten") | null;
                            /** @enum {string} */
                            channel: "log" | "email" | "webhook";
                            to: unknown;
                            message?: string;
                            subject?: string;
                            text?: string;
                            html?: string;
                            cc?: string | string[];
                            bcc?: string | string[];
                            replyTo?: string;
                            from?: string;
                            attachments?: {
                                filename: string;
                                contentType?: string;
                                content: string;
                            }[];
                            payload?: unknown;
                            headers?: {
                                [key: string]: unknown;
                            };
                            sendAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** Format: date-time */
                            dueAt: string;
                            expiresAt: string | null;
                            nextAttemptAt: string | null;
                            priority: number;
                            dedupeKey: string | null;
                            /** @constant */
                            deduplicated?: true;
                            groupKey: string | null;
                            scheduleId: string | null;
                            retry: {
                                limit: number;
                                delaySeconds: number;
                                /** @enum {string} */
                                backoff: "fixed" | "exponential";
                                maxDelaySeconds: number;
                            };
                            /** @enum {string} */
                            onUnknown: "retry" | "stop";
                            timeoutSeconds: number;
                            tags: string[];
                            metadata: {
                                [key: string]: unknown;
                            };
                            attemptCount: number;
                            attempts?: {
                                number: number;
                                outcome: ("delivered" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                /** Format: date-time */
                                startedAt: string;
                                finishedAt: string | null;
                                lateMs: number;
                                provider: string | null;
                                providerId: string | null;
                                statusCode: number | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                rejected: {
                                    address: string;
                                    message: string;
                                }[];
                                response: string | null;
                            }[];
                            lateMs: number | null;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/notifications/{id}/retry": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** When */
                        sendAt?: unknown;
                        /** When */
                        expiresAt?: unknown;
                        patch?: {
                            /** @default 0 */
                            priority?: number | null;
                            groupKey?: string | null;
                            /**
                             * @default {
                             *       "limit": 3,
                             *       "delaySeconds": 60,
                             *       "backoff": "exponential",
                             *       "maxDelaySeconds": 3600
                             *     }
                             */
                            retry?: {
                                limit?: number | null;
                                delaySeconds?: number | null;
                                /** @enum {string|null} */
                                backoff?: "fixed" | "exponential" | null;
                                maxDelaySeconds?: number | null;
                            } | null;
                            /**
                             * @default retry
                             * @enum {string|null}
                             */
                            onUnknown?: "retry" | "stop" | null;
                            /** @default 15 */
                            timeoutSeconds?: number | null;
                            /** @default [] */
                            tags?: string[] | null;
                            /** @default {} */
                            metadata?: {
                                [key: string]: unknown;
                            } | null;
                            message?: string | null;
                            subject?: string | null;
                            text?: string | null;
                            html?: string | null;
                            cc?: string | string[] | null;
                            bcc?: string | string[] | null;
                            replyTo?: string | null;
                            from?: string | null;
                            attachments?: {
                                filename: string;
                                contentType?: string;
                                content: string;
                            }[] | null;
                            payload?: unknown;
                            headers?: {
                                [key: string]: unknown;
                            } | null;
                        };
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            state: "scheduled" | "queued" | "sending" | "retrying" | "delivered" | "failed" | "canceled" | "expired";
                            reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "request" | "group" | "forgotten") | null;
                            /** @enum {string} */
                            channel: "log" | "email" | "webhook";
                            to: unknown;
                            message?: string;
                            subject?: string;
                            text?: string;
                            html?: string;
                            cc?: string | string[];
                            bcc?: string | string[];
                            replyTo?: string;
                            from?: string;
                            attachments?: {
                                filename: string;
                                contentType?: string;
                                content: string;
                            }[];
                            payload?: unknown;
                            headers?: {
                                [key: string]: unknown;
                            };
                            sendAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** Format: date-time */
                            dueAt: string;
                            expiresAt: string | null;
                            nextAttemptAt: string | null;
                            priority: number;
                            dedupeKey: string | null;
                            /** @constant */
                            deduplicated?: true;
                            groupKey: string | null;
                            scheduleId: string | null;
                            retry: {
                                limit: number;
                                delaySeconds: number;
                                /** @enum {string} */
                                backoff: "fixed" | "exponential";
                                maxDelaySeconds: number;
                            };
                            /** @enum {string} */
                            onUnknown: "retry" | "stop";
                            timeoutSeconds: number;
                            tags: string[];
                            metadata: {
                                [key: string]: unknown;
                            };
                            attemptCount: number;
                            attempts?: {
                                number: number;
                                outcome: ("delivered" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                /** Format: date-time */
                                startedAt: string;
                                finishedAt: string | null;
                                lateMs: number;
                                provider: string | null;
                                providerId: string | null;
                                statusCode: number | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                rejected: {
                                    address: string;
                                    message: string;
                                }[];
                                response: string | null;
                            }[];
                            lateMs: number | null;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/notifications/{id}/resolve": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        outcome: "delivered" | "failed";
                        note?: string;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            state: "scheduled" | "queued" | "sending" | "retrying" | "delivered" | "failed" | "canceled" | "expired";
                            reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "request" | "group" | "forgotten") | null;
                            /** @enum {string} */
                            channel: "log" | "email" | "webhook";
                            to: unknown;
                            message?: string;
                            subject?: string;
                            text?: string;
                            html?: string;
                            cc?: string | string[];
                            bcc?: string | string[];
                            replyTo?: string;
                            from?: string;
                            attachments?: {
                                filename: string;
                                contentType?: string;
                                content: string;
                            }[];
                            payload?: unknown;
                            headers?: {
                                [key: string]: unknown;
                            };
                            sendAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** Format: date-time */
                            dueAt: string;
                            expiresAt: string | null;
                            nextAttemptAt: string | null;
                            priority: number;
                            dedupeKey: string | null;
                            /** @constant */
                            deduplicated?: true;
                            groupKey: string | null;
                            scheduleId: string | null;
                            retry: {
                                limit: number;
                                delaySeconds: number;
                                /** @enum {string} */
                                backoff: "fixed" | "exponential";
                                maxDelaySeconds: number;
                            };
                            /** @enum {string} */
                            onUnknown: "retry" | "stop";
                            timeoutSeconds: number;
                            tags: string[];
                            metadata: {
                                [key: string]: unknown;
                            };
                            attemptCount: number;
                            attempts?: {
                                number: number;
                                outcome: ("delivered" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                /** Format: date-time */
                                startedAt: string;
                                finishedAt: string | null;
                                lateMs: number;
                                provider: string | null;
                                providerId: string | null;
                                statusCode: number | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                rejected: {
                                    address: string;
                                    message: string;
                                }[];
                                response: string | null;
                            }[];
                            lateMs: number | null;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/notifications/batch": {
        post: {
            parameters: {
                header?: {
                    /** @example order-1042-reminder */
                    "Idempotency-Key"?: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        notifications: unknown[];
                        /**
                         * @default all
                         * @enum {string}
                         */
                        mode?: "all" | "each";
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            created: number;
                            failed: number;
                            items: ({
                                status: number;
                                error?: {
                                    [key: string]: unknown;
                                };
                            } & {
                                [key: string]: unknown;
                            })[];
                        };
                    };
                };
                201: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                state: "scheduled" | "queued" | "sending" | "retrying" | "delivered" | "failed" | "canceled" | "expired";
                                /** Format: date-time */
                                dueAt: string;
                                /** @constant */
                                deduplicated?: true;
                            }[];
                        };
                    };
                };
            };
        };
    };
    "/v1/channels": {
        get: {
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                name: string;
                                to: ("one" | "many") | null;
                                schema: {
                                    [key: string]: unknown;
                                };
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/time/resolve": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        /** When */
                        at: unknown;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            instant: string;
                            timeZone: string;
                            local: string;
                            notes: string[];
                        };
                    };
                };
            };
        };
    };
    "/v1/content": {
        get: {
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                name: string;
                                external: boolean;
                                schema: {
                                    [key: string]: unknown;
                                } | null;
                                slug: string | null;
                                locales: string[] | null;
                                onEdit: ("pin" | "follow" | "cancel") | null;
                                dependsOn: string[];
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/content/{type}": {
        get: {
            parameters: {
                query?: {
                    view?: "draft" | "live";
                    asOf?: string;
                    status?: string;
                    locale?: string;
                    limit?: number;
                    cursor?: string;
                    sort?: "id" | "-id" | "updatedAt" | "-updatedAt" | "dueAt" | "-dueAt";
                };
                header?: {
                    /** @example "3" */
                    "If-None-Match"?: string;
                };
                path: {
                    type: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                type: string;
                                id: string;
                                locale: string;
                                /** @enum {string} */
                                status: "draft" | "scheduled" | "published" | "archived";
                                version: number;
                                draftRevision: number;
                                liveRevision: number | null;
                                data: {
                                    [key: string]: unknown;
                                };
                                publishedAt: string | null;
                                schedule: {
                                    publishAt: (string | {
                                        delay: number | string;
                                    } | {
                                        local: string;
                                        timeZone: string;
                                        /**
                                         * @default reject
                                         * @enum {string}
                                         */
                                        disambiguation?: "reject" | "earlier" | "later";
                                    }) | null;
                                    unpublishAt: (string | {
                                        delay: number | string;
                                    } | {
                                        local: string;
                                        timeZone: string;
                                        /**
                                         * @default reject
                                         * @enum {string}
                                         */
                                        disambiguation?: "reject" | "earlier" | "later";
                                    }) | null;
                                    revision: number | null;
                                    /** @enum {string} */
                                    onEdit: "pin" | "follow" | "cancel";
                                    maxLateSeconds: number | null;
                                    draftAhead: boolean;
                                    publications: {
                                        /** Format: uuid */
                                        id: string;
                                        /** @enum {string} */
                                        action: "publish" | "unpublish" | "archive";
                                        /** Format: date-time */
                                        dueAt: string;
                                        /** @constant */
                                        state: "scheduled";
                                        revision: number | null;
                                        releaseId: string | null;
                                    }[];
                                } | null;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        post: {
            parameters: {
                header?: {
                    /** @example order-1042-reminder */
                    "Idempotency-Key"?: string;
                };
                path: {
                    type: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        id?: string;
                        locale?: string;
                        data: {
                            [key: string]: unknown;
                        };
                        schedule?: {
                            /** When */
                            publishAt?: unknown;
                            /** When */
                            unpublishAt?: unknown;
                            revision?: number;
                            /** @enum {string} */
                            onEdit?: "pin" | "follow" | "cancel";
                            maxLateSeconds?: number;
                            actions?: {
                                /** @enum {string} */
                                action: "publish" | "unpublish" | "archive";
                                /** When */
                                at: unknown;
                                revision?: number;
                            }[];
                        };
                    };
                };
            };
            responses: {
                201: {
                    content: {
                        "application/json": {
                            type: string;
                            id: string;
                            locale: string;
                            /** @enum {string} */
                            status: "draft" | "scheduled" | "published" | "archived";
                            version: number;
                            draftRevision: number;
                            liveRevision: number | null;
                            data: {
                                [key: string]: unknown;
                            };
                            publishedAt: string | null;
                            schedule: {
                                publishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                unpublishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                revision: number | null;
                                /** @enum {string} */
                                onEdit: "pin" | "follow" | "cancel";
                                maxLateSeconds: number | null;
                                draftAhead: boolean;
                                publications: {
                                    /** Format: uuid */
                                    id: string;
                                    /** @enum {string} */
                                    action: "publish" | "unpublish" | "archive";
                                    /** Format: date-time */
                                    dueAt: string;
                                    /** @constant */
                                    state: "scheduled";
                                    revision: number | null;
                                    releaseId: string | null;
                                }[];
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/content/{type}/{id}": {
        get: {
            parameters: {
                query?: {
                    locale?: string;
                    view?: "draft" | "live";
                    asOf?: string;
                };
                header?: {
                    /** @example "3" */
                    "If-None-Match"?: string;
                };
                path: {
                    type: string;
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            type: string;
                            id: string;
                            locale: string;
                            /** @enum {string} */
                            status: "draft" | "scheduled" | "published" | "archived";
                            version: number;
                            draftRevision: number;
                            liveRevision: number | null;
                            data: {
                                [key: string]: unknown;
                            };
                            publishedAt: string | null;
                            schedule: {
                                publishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                unpublishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                revision: number | null;
                                /** @enum {string} */
                                onEdit: "pin" | "follow" | "cancel";
                                maxLateSeconds: number | null;
                                draftAhead: boolean;
                                publications: {
                                    /** Format: uuid */
                                    id: string;
                                    /** @enum {string} */
                                    action: "publish" | "unpublish" | "archive";
                                    /** Format: date-time */
                                    dueAt: string;
                                    /** @constant */
                                    state: "scheduled";
                                    revision: number | null;
                                    releaseId: string | null;
                                }[];
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
        delete: {
            parameters: {
                query?: {
                    locale?: string;
                };
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    type: string;
                    id: string;
                };
            };
            responses: {
                204: {
                };
            };
        };
        patch: {
            parameters: {
                query?: {
                    locale?: string;
                };
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    type: string;
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        data?: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            type: string;
                            id: string;
                            locale: string;
                            /** @enum {string} */
                            status: "draft" | "scheduled" | "published" | "archived";
                            version: number;
                            draftRevision: number;
                            liveRevision: number | null;
                            data: {
                                [key: string]: unknown;
                            };
                            publishedAt: string | null;
                            schedule: {
                                publishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                unpublishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                revision: number | null;
                                /** @enum {string} */
                                onEdit: "pin" | "follow" | "cancel";
                                maxLateSeconds: number | null;
                                draftAhead: boolean;
                                publications: {
                                    /** Format: uuid */
                                    id: string;
                                    /** @enum {string} */
                                    action: "publish" | "unpublish" | "archive";
                                    /** Format: date-time */
                                    dueAt: string;
                                    /** @constant */
                                    state: "scheduled";
                                    revision: number | null;
                                    releaseId: string | null;
                                }[];
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/content/{type}/{id}/revisions": {
        get: {
            parameters: {
                query?: {
                    locale?: string;
                    limit?: number;
                    cursor?: string;
                    sort?: "revision" | "-revision";
                };
                path: {
                    type: string;
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                revision: number;
                                sha256: string;
                                isDraft: boolean;
                                isLive: boolean;
                                createdBy: {
                                    kind: string;
                                    id: string | null;
                                } | null;
                                /** Format: date-time */
                                createdAt: string;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/content/{type}/{id}/revisions/{n}": {
        get: {
            parameters: {
                query?: {
                    locale?: string;
                };
                header?: {
                    /** @example "3" */
                    "If-None-Match"?: string;
                };
                path: {
                    type: string;
                    id: string;
                    n: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            revision: number;
                            sha256: string;
                            isDraft: boolean;
                            isLive: boolean;
                            createdBy: {
                                kind: string;
                                id: string | null;
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            data: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
    };
    "/v1/content/{type}/{id}/schedule": {
        put: {
            parameters: {
                query?: {
                    locale?: string;
                };
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    type: string;
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** When */
                        publishAt?: unknown;
                        /** When */
                        unpublishAt?: unknown;
                        revision?: number;
                        /** @enum {string} */
                        onEdit?: "pin" | "follow" | "cancel";
                        maxLateSeconds?: number;
                        actions?: {
                            /** @enum {string} */
                            action: "publish" | "unpublish" | "archive";
                            /** When */
                            at: unknown;
                            revision?: number;
                        }[];
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            type: string;
                            id: string;
                            locale: string;
                            /** @enum {string} */
                            status: "draft" | "scheduled" | "published" | "archived";
                            version: number;
                            draftRevision: number;
                            liveRevision: number | null;
                            data: {
                                [key: string]: unknown;
                            };
                            publishedAt: string | null;
                            schedule: {
                                publishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                unpublishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                revision: number | null;
                                /** @enum {string} */
                                onEdit: "pin" | "follow" | "cancel";
                                maxLateSeconds: number | null;
                                draftAhead: boolean;
                                publications: {
                                    /** Format: uuid */
                                    id: string;
                                    /** @enum {string} */
                                    action: "publish" | "unpublish" | "archive";
                                    /** Format: date-time */
                                    dueAt: string;
                                    /** @constant */
                                    state: "scheduled";
                                    revision: number | null;
                                    releaseId: string | null;
                                }[];
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
        delete: {
            parameters: {
                query?: {
                    locale?: string;
                };
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    type: string;
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            type: string;
                            id: string;
                            locale: string;
                            /** @enum {string} */
                            status: "draft" | "scheduled" | "published" | "archived";
                            version: number;
                            draftRevision: number;
                            liveRevision: number | null;
                            data: {
                                [key: string]: unknown;
                            };
                            publishedAt: string | null;
                            schedule: {
                                publishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                unpublishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                revision: number | null;
                                /** @enum {string} */
                                onEdit: "pin" | "follow" | "cancel";
                                maxLateSeconds: number | null;
                                draftAhead: boolean;
                                publications: {
                                    /** Format: uuid */
                                    id: string;
                                    /** @enum {string} */
                                    action: "publish" | "unpublish" | "archive";
                                    /** Format: date-time */
                                    dueAt: string;
                                    /** @constant */
                                    state: "scheduled";
                                    revision: number | null;
                                    releaseId: string | null;
                                }[];
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/content/{type}/{id}/publish": {
        post: {
            parameters: {
                query?: {
                    locale?: string;
                };
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    type: string;
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        revision?: number;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            type: string;
                            id: string;
                            locale: string;
                            /** @enum {string} */
                            status: "draft" | "scheduled" | "published" | "archived";
                            version: number;
                            draftRevision: number;
                            liveRevision: number | null;
                            data: {
                                [key: string]: unknown;
                            };
                            publishedAt: string | null;
                            schedule: {
                                publishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                unpublishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                revision: number | null;
                                /** @enum {string} */
                                onEdit: "pin" | "follow" | "cancel";
                                maxLateSeconds: number | null;
                                draftAhead: boolean;
                                publications: {
                                    /** Format: uuid */
                                    id: string;
                                    /** @enum {string} */
                                    action: "publish" | "unpublish" | "archive";
                                    /** Format: date-time */
                                    dueAt: string;
                                    /** @constant */
                                    state: "scheduled";
                                    revision: number | null;
                                    releaseId: string | null;
                                }[];
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/content/{type}/{id}/unpublish": {
        post: {
            parameters: {
                query?: {
                    locale?: string;
                };
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    type: string;
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            type: string;
                            id: string;
                            locale: string;
                            /** @enum {string} */
                            status: "draft" | "scheduled" | "published" | "archived";
                            version: number;
                            draftRevision: number;
                            liveRevision: number | null;
                            data: {
                                [key: string]: unknown;
                            };
                            publishedAt: string | null;
                            schedule: {
                                publishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                unpublishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                revision: number | null;
                                /** @enum {string} */
                                onEdit: "pin" | "follow" | "cancel";
                                maxLateSeconds: number | null;
                                draftAhead: boolean;
                                publications: {
                                    /** Format: uuid */
                                    id: string;
                                    /** @enum {string} */
                                    action: "publish" | "unpublish" | "archive";
                                    /** Format: date-time */
                                    dueAt: string;
                                    /** @constant */
                                    state: "scheduled";
                                    revision: number | null;
                                    releaseId: string | null;
                                }[];
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/content/{type}/{id}/archive": {
        post: {
            parameters: {
                query?: {
                    locale?: string;
                };
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    type: string;
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            type: string;
                            id: string;
                            locale: string;
                            /** @enum {string} */
                            status: "draft" | "scheduled" | "published" | "archived";
                            version: number;
                            draftRevision: number;
                            liveRevision: number | null;
                            data: {
                                [key: string]: unknown;
                            };
                            publishedAt: string | null;
                            schedule: {
                                publishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                unpublishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                revision: number | null;
                                /** @enum {string} */
                                onEdit: "pin" | "follow" | "cancel";
                                maxLateSeconds: number | null;
                                draftAhead: boolean;
                                publications: {
                                    /** Format: uuid */
                                    id: string;
                                    /** @enum {string} */
                                    action: "publish" | "unpublish" | "archive";
                                    /** Format: date-time */
                                    dueAt: string;
                                    /** @constant */
                                    state: "scheduled";
                                    revision: number | null;
                                    releaseId: string | null;
                                }[];
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/content/{type}/{id}/restore": {
        post: {
            parameters: {
                query?: {
                    locale?: string;
                };
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    type: string;
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            type: string;
                            id: string;
                            locale: string;
                            /** @enum {string} */
                            status: "draft" | "scheduled" | "published" | "archived";
                            version: number;
                            draftRevision: number;
                            liveRevision: number | null;
                            data: {
                                [key: string]: unknown;
                            };
                            publishedAt: string | null;
                            schedule: {
                                publishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                unpublishAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                revision: number | null;
                                /** @enum {string} */
                                onEdit: "pin" | "follow" | "cancel";
                                maxLateSeconds: number | null;
                                draftAhead: boolean;
                                publications: {
                                    /** Format: uuid */
                                    id: string;
                                    /** @enum {string} */
                                    action: "publish" | "unpublish" | "archive";
                                    /** Format: date-time */
                                    dueAt: string;
                                    /** @constant */
                                    state: "scheduled";
                                    revision: number | null;
                                    releaseId: string | null;
                                }[];
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/publications": {
        get: {
            parameters: {
                query?: {
                    state?: string;
                    type?: string;
                    id?: string;
                    releaseId?: string;
                    dueFrom?: string;
                    dueTo?: string;
                    error?: string;
                    provider?: string;
                    limit?: number;
                    cursor?: string;
                    sort?: "dueAt" | "-dueAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                type: string;
                                resourceId: string;
                                locale: string;
                                /** @enum {string} */
                                action: "publish" | "unpublish" | "archive";
                                revision: number | null;
                                /** @enum {string} */
                                onEdit: "pin" | "follow" | "cancel";
                                at: unknown;
                                /** Format: date-time */
                                dueAt: string;
                                nextAttemptAt: string | null;
                                maxLateSeconds: number | null;
                                /** @enum {string} */
                                state: "scheduled" | "succeeded" | "superseded" | "canceled" | "failed" | "missed";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                    errors?: {
                                        path: string;
                                        message: string;
                                    }[];
                                } | null;
                                releaseId: string | null;
                                attemptCount: number;
                                lateMs: number | null;
                                executedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/publications/{id}": {
        get: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            type: string;
                            resourceId: string;
                            locale: string;
                            /** @enum {string} */
                            action: "publish" | "unpublish" | "archive";
                            revision: number | null;
                            /** @enum {string} */
                            onEdit: "pin" | "follow" | "cancel";
                            at: unknown;
                            /** Format: date-time */
                            dueAt: string;
                            nextAttemptAt: string | null;
                            maxLateSeconds: number | null;
                            /** @enum {string} */
                            state: "scheduled" | "succeeded" | "superseded" | "canceled" | "failed" | "missed";
                            reason: string | null;
                            error: {
                                code: string;
                                message: string;
                                errors?: {
                                    path: string;
                                    message: string;
                                }[];
                            } | null;
                            releaseId: string | null;
                            attemptCount: number;
                            lateMs: number | null;
                            executedAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                            attempts: {
                                number: number;
                                /** @enum {string} */
                                outcome: "succeeded" | "rejected" | "failed" | "interrupted";
                                /** Format: date-time */
                                startedAt: string;
                                /** Format: date-time */
                                finishedAt: string;
                                lateMs: number;
                                error: {
                                    code: string;
                                    message: string;
                                    errors?: {
                                        path: string;
                                        message: string;
                                    }[];
                                } | null;
                            }[];
                        };
                    };
                };
            };
        };
    };
    "/v1/publications/{id}/cancel": {
        post: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** @constant */
                            outcome: "canceled";
                            /** @constant */
                            state: "canceled";
                        };
                    };
                };
            };
        };
    };
    "/v1/publications/{id}/retry": {
        post: {
            parameters: {
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** When */
                        publishAt?: unknown;
                        /**
                         * @default pinned
                         * @enum {string}
                         */
                        revision?: "pinned" | "draft";
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            type: string;
                            resourceId: string;
                            locale: string;
                            /** @enum {string} */
                            action: "publish" | "unpublish" | "archive";
                            revision: number | null;
                            /** @enum {string} */
                            onEdit: "pin" | "follow" | "cancel";
                            at: unknown;
                            /** Format: date-time */
                            dueAt: string;
                            nextAttemptAt: string | null;
                            maxLateSeconds: number | null;
                            /** @enum {string} */
                            state: "scheduled" | "succeeded" | "superseded" | "canceled" | "failed" | "missed";
                            reason: string | null;
                            error: {
                                code: string;
                                message: string;
                                errors?: {
                                    path: string;
                                    message: string;
                                }[];
                            } | null;
                            releaseId: string | null;
                            attemptCount: number;
                            lateMs: number | null;
                            executedAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                            attempts: {
                                number: number;
                                /** @enum {string} */
                                outcome: "succeeded" | "rejected" | "failed" | "interrupted";
                                /** Format: date-time */
                                startedAt: string;
                                /** Format: date-time */
                                finishedAt: string;
                                lateMs: number;
                                error: {
                                    code: string;
                                    message: string;
                                    errors?: {
                                        path: string;
                                        message: string;
                                    }[];
                                } | null;
                            }[];
                        };
                    };
                };
            };
        };
    };
    "/v1/releases": {
        get: {
            parameters: {
                query?: {
                    state?: string;
                    dueFrom?: string;
                    dueTo?: string;
                    error?: string;
                    provider?: string;
                    limit?: number;
                    cursor?: string;
                    sort?: "createdAt" | "-createdAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                title: string;
                                /** @enum {string} */
                                state: "draft" | "scheduled" | "succeeded" | "failed" | "canceled" | "missed";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                    errors?: {
                                        path: string;
                                        message: string;
                                    }[];
                                } | null;
                                publishAt: unknown;
                                dueAt: string | null;
                                nextAttemptAt: string | null;
                                maxLateSeconds: number | null;
                                attemptCount: number;
                                lateMs: number | null;
                                version: number;
                                executedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                                itemCount: number;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        post: {
            parameters: {
                header?: {
                    /** @example order-1042-reminder */
                    "Idempotency-Key"?: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        title: string;
                        items: {
                            type: string;
                            id: string;
                            locale?: string;
                            /**
                             * @default publish
                             * @enum {string}
                             */
                            action?: "publish" | "unpublish" | "archive";
                            revision?: number;
                        }[];
                    };
                };
            };
            responses: {
                201: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            title: string;
                            /** @enum {string} */
                            state: "draft" | "scheduled" | "succeeded" | "failed" | "canceled" | "missed";
                            reason: string | null;
                            error: {
                                code: string;
                                message: string;
                                errors?: {
                                    path: string;
                                    message: string;
                                }[];
                            } | null;
                            publishAt: unknown;
                            dueAt: string | null;
                            nextAttemptAt: string | null;
                            maxLateSeconds: number | null;
                            attemptCount: number;
                            lateMs: number | null;
                            version: number;
                            executedAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                            items: {
                                type: string;
                                id: string;
                                locale: string;
                                action: string;
                                revision: number | null;
                            }[];
                        };
                    };
                };
            };
        };
    };
    "/v1/releases/{id}": {
        get: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-None-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            title: string;
                            /** @enum {string} */
                            state: "draft" | "scheduled" | "succeeded" | "failed" | "canceled" | "missed";
                            reason: string | null;
                            error: {
                                code: string;
                                message: string;
                                errors?: {
                                    path: string;
                                    message: string;
                                }[];
                            } | null;
                            publishAt: unknown;
                            dueAt: string | null;
                            nextAttemptAt: string | null;
                            maxLateSeconds: number | null;
                            attemptCount: number;
                            lateMs: number | null;
                            version: number;
                            executedAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                            items: {
                                type: string;
                                id: string;
                                locale: string;
                                action: string;
                                revision: number | null;
                            }[];
                        };
                    };
                };
            };
        };
        delete: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            responses: {
                204: {
                };
            };
        };
        patch: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        title?: string;
                        items?: {
                            type: string;
                            id: string;
                            locale?: string;
                            /**
                             * @default publish
                             * @enum {string}
                             */
                            action?: "publish" | "unpublish" | "archive";
                            revision?: number;
                        }[];
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            title: string;
                            /** @enum {string} */
                            state: "draft" | "scheduled" | "succeeded" | "failed" | "canceled" | "missed";
                            reason: string | null;
                            error: {
                                code: string;
                                message: string;
                                errors?: {
                                    path: string;
                                    message: string;
                                }[];
                            } | null;
                            publishAt: unknown;
                            dueAt: string | null;
                            nextAttemptAt: string | null;
                            maxLateSeconds: number | null;
                            attemptCount: number;
                            lateMs: number | null;
                            version: number;
                            executedAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                            items: {
                                type: string;
                                id: string;
                                locale: string;
                                action: string;
                                revision: number | null;
                            }[];
                        };
                    };
                };
            };
        };
    };
    "/v1/releases/{id}/schedule": {
        put: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** When */
                        publishAt: unknown;
                        maxLateSeconds?: number;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            title: string;
                            /** @enum {string} */
                            state: "draft" | "scheduled" | "succeeded" | "failed" | "canceled" | "missed";
                            reason: string | null;
                            error: {
                                code: string;
                                message: string;
                                errors?: {
                                    path: string;
                                    message: string;
                                }[];
                            } | null;
                            publishAt: unknown;
                            dueAt: string | null;
                            nextAttemptAt: string | null;
                            maxLateSeconds: number | null;
                            attemptCount: number;
                            lateMs: number | null;
                            version: number;
                            executedAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                            items: {
                                type: string;
                                id: string;
                                locale: string;
                                action: string;
                                revision: number | null;
                            }[];
                        };
                    };
                };
            };
        };
    };
    "/v1/releases/{id}/retry": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** When */
                        publishAt?: unknown;
                        maxLateSeconds?: number;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            title: string;
                            /** @enum {string} */
                            state: "draft" | "scheduled" | "succeeded" | "failed" | "canceled" | "missed";
                            reason: string | null;
                            error: {
                                code: string;
                                message: string;
                                errors?: {
                                    path: string;
                                    message: string;
                                }[];
                            } | null;
                            publishAt: unknown;
                            dueAt: string | null;
                            nextAttemptAt: string | null;
                            maxLateSeconds: number | null;
                            attemptCount: number;
                            lateMs: number | null;
                            version: number;
                            executedAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                            items: {
                                type: string;
                                id: string;
                                locale: string;
                                action: string;
                                revision: number | null;
                            }[];
                        };
                    };
                };
            };
        };
    };
    "/v1/releases/{id}/resolve": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @default canceled
                         * @enum {string}
                         */
                        outcome?: "canceled";
                        note?: string;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            title: string;
                            /** @enum {string} */
                            state: "draft" | "scheduled" | "succeeded" | "failed" | "canceled" | "missed";
                            reason: string | null;
                            error: {
                                code: string;
                                message: string;
                                errors?: {
                                    path: string;
                                    message: string;
                                }[];
                            } | null;
                            publishAt: unknown;
                            dueAt: string | null;
                            nextAttemptAt: string | null;
                            maxLateSeconds: number | null;
                            attemptCount: number;
                            lateMs: number | null;
                            version: number;
                            executedAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                            items: {
                                type: string;
                                id: string;
                                locale: string;
                                action: string;
                                revision: number | null;
                            }[];
                        };
                    };
                };
            };
        };
    };
    "/v1/releases/{id}/validate": {
        post: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            valid: boolean;
                            errors: {
                                path: string;
                                message: string;
                            }[];
                        };
                    };
                };
            };
        };
    };
    "/v1/releases/{id}/publish": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            title: string;
                            /** @enum {string} */
                            state: "draft" | "scheduled" | "succeeded" | "failed" | "canceled" | "missed";
                            reason: string | null;
                            error: {
                                code: string;
                                message: string;
                                errors?: {
                                    path: string;
                                    message: string;
                                }[];
                            } | null;
                            publishAt: unknown;
                            dueAt: string | null;
                            nextAttemptAt: string | null;
                            maxLateSeconds: number | null;
                            attemptCount: number;
                            lateMs: number | null;
                            version: number;
                            executedAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                            items: {
                                type: string;
                                id: string;
                                locale: string;
                                action: string;
                                revision: number | null;
                            }[];
                        };
                    };
                };
            };
        };
    };
    "/v1/releases/{id}/cancel": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            title: string;
                            /** @enum {string} */
                            state: "draft" | "scheduled" | "succeeded" | "failed" | "canceled" | "missed";
                            reason: string | null;
                            error: {
                                code: string;
                                message: string;
                                errors?: {
                                    path: string;
                                    message: string;
                                }[];
                            } | null;
                            publishAt: unknown;
                            dueAt: string | null;
                            nextAttemptAt: string | null;
                            maxLateSeconds: number | null;
                            attemptCount: number;
                            lateMs: number | null;
                            version: number;
                            executedAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                            items: {
                                type: string;
                                id: string;
                                locale: string;
                                action: string;
                                revision: number | null;
                            }[];
                        };
                    };
                };
            };
        };
    };
    "/v1/schedules/preview": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        cron?: string;
                        rrule?: string;
                        /** @default UTC */
                        timeZone?: string;
                        /** When */
                        from?: unknown;
                        /** @default 10 */
                        count?: number;
                        /** When */
                        startsAt?: unknown;
                        /** When */
                        endsAt?: unknown;
                        /** @default [] */
                        exclude?: string[];
                        /**
                         * @default next
                         * @enum {string}
                         */
                        dstGap?: "next" | "skip";
                        /**
                         * @default first
                         * @enum {string}
                         */
                        dstOverlap?: "first" | "both";
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            runs: {
                                /** Format: date-time */
                                at: string;
                                local: string;
                                note: ("dst_gap" | "dst_overlap") | null;
                            }[];
                            text: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/schedules": {
        get: {
            parameters: {
                query?: {
                    state?: string;
                    limit?: number;
                    cursor?: string;
                    sort?: "name" | "-name" | "createdAt" | "-createdAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                name: string;
                                cron?: string;
                                rrule?: string;
                                /** @default UTC */
                                timeZone?: string;
                                startsAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                endsAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                /** @default [] */
                                exclude?: string[];
                                /** @default 0 */
                                jitterSeconds?: number;
                                /**
                                 * @default once
                                 * @enum {string}
                                 */
                                missed?: "skip" | "once" | "all";
                                /** @default 86400 */
                                missedWithinSeconds?: number;
                                /**
                                 * @default allow
                                 * @enum {string}
                                 */
                                concurrent?: "allow" | "skip";
                                /**
                                 * @default next
                                 * @enum {string}
                                 */
                                dstGap?: "next" | "skip";
                                /**
                                 * @default first
                                 * @enum {string}
                                 */
                                dstOverlap?: "first" | "both";
                                notification?: unknown;
                                publish?: unknown;
                                unpublish?: unknown;
                                task?: unknown;
                                /** @enum {string} */
                                state: "active" | "paused" | "finished";
                                nextRuns: string[];
                                lastRun: {
                                    /** Format: uuid */
                                    id: string;
                                    scheduleId: string;
                                    /** Format: date-time */
                                    occurrenceAt: string;
                                    /** Format: date-time */
                                    dueAt: string;
                                    /** @enum {string} */
                                    cause: "schedule" | "missed" | "backfill" | "manual";
                                    /** @enum {string} */
                                    state: "pending" | "started" | "skipped" | "failed" | "canceled";
                                    reason: string | null;
                                    error: {
                                        code: string;
                                        message: string;
                                    } | null;
                                    item: {
                                        kind: string;
                                        id: string;
                                        state: string | null;
                                    } | null;
                                    attemptCount: number;
                                    nextAttemptAt: string | null;
                                    lateMs: number | null;
                                    startedAt: string | null;
                                    finishedAt: string | null;
                                    /** Format: date-time */
                                    createdAt: string;
                                } | null;
                                declared: boolean;
                                version: number;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        post: {
            parameters: {
                header?: {
                    /** @example order-1042-reminder */
                    "Idempotency-Key"?: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        cron?: string;
                        rrule?: string;
                        /** @default UTC */
                        timeZone?: string;
                        /** When */
                        startsAt?: unknown;
                        /** When */
                        endsAt?: unknown;
                        /** @default [] */
                        exclude?: string[];
                        /** @default 0 */
                        jitterSeconds?: number;
                        /**
                         * @default once
                         * @enum {string}
                         */
                        missed?: "skip" | "once" | "all";
                        /** @default 86400 */
                        missedWithinSeconds?: number;
                        /**
                         * @default allow
                         * @enum {string}
                         */
                        concurrent?: "allow" | "skip";
                        /**
                         * @default next
                         * @enum {string}
                         */
                        dstGap?: "next" | "skip";
                        /**
                         * @default first
                         * @enum {string}
                         */
                        dstOverlap?: "first" | "both";
                        notification?: {
                            /**
                             * @default log
                             * @enum {string}
                             */
                            channel?: "log" | "email" | "webhook";
                            to?: string | string[];
                            dedupeKey?: string;
                            /**
                             * @default ignore
                             * @enum {string}
                             */
                            onDuplicate?: "ignore" | "replace" | "reject";
                            /** When */
                            expiresAt?: unknown;
                            /** @default 0 */
                            priority?: number;
                            groupKey?: string;
                            /**
                             * @default {
                             *       "limit": 3,
                             *       "delaySeconds": 60,
                             *       "backoff": "exponential",
                             *       "maxDelaySeconds": 3600
                             *     }
                             */
                            retry?: {
                                limit?: number;
                                delaySeconds?: number;
                                /** @enum {string} */
                                backoff?: "fixed" | "exponential";
                                maxDelaySeconds?: number;
                            };
                            /**
                             * @default retry
                             * @enum {string}
                             */
                            onUnknown?: "retry" | "stop";
                            /** @default 15 */
                            timeoutSeconds?: number;
                            /** @default [] */
                            tags?: string[];
                            /** @default {} */
                            metadata?: {
                                [key: string]: unknown;
                            };
                            message?: string;
                            subject?: string;
                            text?: string;
                            html?: string;
                            cc?: string | string[];
                            bcc?: string | string[];
                            replyTo?: string;
                            from?: string;
                            attachments?: {
                                filename: string;
                                contentType?: string;
                                content: string;
                            }[];
                            payload?: unknown;
                            headers?: {
                                [key: string]: unknown;
                            };
                        };
                        publish?: {
                            type: string;
                            id: string;
                            locale?: string;
                        };
                        unpublish?: {
                            type: string;
                            id: string;
                            locale?: string;
                        };
                        task?: {
                            name: string;
                            /** @default {} */
                            data?: {
                                [key: string]: unknown;
                            };
                            /** @default 0 */
                            priority?: number;
                            dedupeKey?: string;
                            /**
                             * @default ignore
                             * @enum {string}
                             */
                            onDuplicate?: "ignore" | "replace" | "reject";
                            groupKey?: string;
                            retry?: {
                                limit?: number;
                                delaySeconds?: number;
                                /** @enum {string} */
                                backoff?: "fixed" | "exponential";
                                maxDelaySeconds?: number;
                            };
                            timeoutSeconds?: number;
                            /** @default [] */
                            tags?: string[];
                            /** @default {} */
                            metadata?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            responses: {
                201: {
                    content: {
                        "application/json": {
                            name: string;
                            cron?: string;
                            rrule?: string;
                            /** @default UTC */
                            timeZone?: string;
                            startsAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            endsAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** @default [] */
                            exclude?: string[];
                            /** @default 0 */
                            jitterSeconds?: number;
                            /**
                             * @default once
                             * @enum {string}
                             */
                            missed?: "skip" | "once" | "all";
                            /** @default 86400 */
                            missedWithinSeconds?: number;
                            /**
                             * @default allow
                             * @enum {string}
                             */
                            concurrent?: "allow" | "skip";
                            /**
                             * @default next
                             * @enum {string}
                             */
                            dstGap?: "next" | "skip";
                            /**
                             * @default first
                             * @enum {string}
                             */
                            dstOverlap?: "first" | "both";
                            notification?: unknown;
                            publish?: unknown;
                            unpublish?: unknown;
                            task?: unknown;
                            /** @enum {string} */
                            state: "active" | "paused" | "finished";
                            nextRuns: string[];
                            lastRun: {
                                /** Format: uuid */
                                id: string;
                                scheduleId: string;
                                /** Format: date-time */
                                occurrenceAt: string;
                                /** Format: date-time */
                                dueAt: string;
                                /** @enum {string} */
                                cause: "schedule" | "missed" | "backfill" | "manual";
                                /** @enum {string} */
                                state: "pending" | "started" | "skipped" | "failed" | "canceled";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                item: {
                                    kind: string;
                                    id: string;
                                    state: string | null;
                                } | null;
                                attemptCount: number;
                                nextAttemptAt: string | null;
                                lateMs: number | null;
                                startedAt: string | null;
                                finishedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                            } | null;
                            declared: boolean;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/schedules/{name}": {
        get: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-None-Match"?: string;
                };
                path: {
                    name: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            name: string;
                            cron?: string;
                            rrule?: string;
                            /** @default UTC */
                            timeZone?: string;
                            startsAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            endsAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** @default [] */
                            exclude?: string[];
                            /** @default 0 */
                            jitterSeconds?: number;
                            /**
                             * @default once
                             * @enum {string}
                             */
                            missed?: "skip" | "once" | "all";
                            /** @default 86400 */
                            missedWithinSeconds?: number;
                            /**
                             * @default allow
                             * @enum {string}
                             */
                            concurrent?: "allow" | "skip";
                            /**
                             * @default next
                             * @enum {string}
                             */
                            dstGap?: "next" | "skip";
                            /**
                             * @default first
                             * @enum {string}
                             */
                            dstOverlap?: "first" | "both";
                            notification?: unknown;
                            publish?: unknown;
                            unpublish?: unknown;
                            task?: unknown;
                            /** @enum {string} */
                            state: "active" | "paused" | "finished";
                            nextRuns: string[];
                            lastRun: {
                                /** Format: uuid */
                                id: string;
                                scheduleId: string;
                                /** Format: date-time */
                                occurrenceAt: string;
                                /** Format: date-time */
                                dueAt: string;
                                /** @enum {string} */
                                cause: "schedule" | "missed" | "backfill" | "manual";
                                /** @enum {string} */
                                state: "pending" | "started" | "skipped" | "failed" | "canceled";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                item: {
                                    kind: string;
                                    id: string;
                                    state: string | null;
                                } | null;
                                attemptCount: number;
                                nextAttemptAt: string | null;
                                lateMs: number | null;
                                startedAt: string | null;
                                finishedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                            } | null;
                            declared: boolean;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
        put: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    name: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        cron?: string;
                        rrule?: string;
                        /** @default UTC */
                        timeZone?: string;
                        /** When */
                        startsAt?: unknown;
                        /** When */
                        endsAt?: unknown;
                        /** @default [] */
                        exclude?: string[];
                        /** @default 0 */
                        jitterSeconds?: number;
                        /**
                         * @default once
                         * @enum {string}
                         */
                        missed?: "skip" | "once" | "all";
                        /** @default 86400 */
                        missedWithinSeconds?: number;
                        /**
                         * @default allow
                         * @enum {string}
                         */
                        concurrent?: "allow" | "skip";
                        /**
                         * @default next
                         * @enum {string}
                         */
                        dstGap?: "next" | "skip";
                        /**
                         * @default first
                         * @enum {string}
                         */
                        dstOverlap?: "first" | "both";
                        notification?: {
                            /**
                             * @default log
                             * @enum {string}
                             */
                            channel?: "log" | "email" | "webhook";
                            to?: string | string[];
                            dedupeKey?: string;
                            /**
                             * @default ignore
                             * @enum {string}
                             */
                            onDuplicate?: "ignore" | "replace" | "reject";
                            /** When */
                            expiresAt?: unknown;
                            /** @default 0 */
                            priority?: number;
                            groupKey?: string;
                            /**
                             * @default {
                             *       "limit": 3,
                             *       "delaySeconds": 60,
                             *       "backoff": "exponential",
                             *       "maxDelaySeconds": 3600
                             *     }
                             */
                            retry?: {
                                limit?: number;
                                delaySeconds?: number;
                                /** @enum {string} */
                                backoff?: "fixed" | "exponential";
                                maxDelaySeconds?: number;
                            };
                            /**
                             * @default retry
                             * @enum {string}
                             */
                            onUnknown?: "retry" | "stop";
                            /** @default 15 */
                            timeoutSeconds?: number;
                            /** @default [] */
                            tags?: string[];
                            /** @default {} */
                            metadata?: {
                                [key: string]: unknown;
                            };
                            message?: string;
                            subject?: string;
                            text?: string;
                            html?: string;
                            cc?: string | string[];
                            bcc?: string | string[];
                            replyTo?: string;
                            from?: string;
                            attachments?: {
                                filename: string;
                                contentType?: string;
                                content: string;
                            }[];
                            payload?: unknown;
                            headers?: {
                                [key: string]: unknown;
                            };
                        };
                        publish?: {
                            type: string;
                            id: string;
                            locale?: string;
                        };
                        unpublish?: {
                            type: string;
                            id: string;
                            locale?: string;
                        };
                        task?: {
                            name: string;
                            /** @default {} */
                            data?: {
                                [key: string]: unknown;
                            };
                            /** @default 0 */
                            priority?: number;
                            dedupeKey?: string;
                            /**
                             * @default ignore
                             * @enum {string}
                             */
                            onDuplicate?: "ignore" | "replace" | "reject";
                            groupKey?: string;
                            retry?: {
                                limit?: number;
                                delaySeconds?: number;
                                /** @enum {string} */
                                backoff?: "fixed" | "exponential";
                                maxDelaySeconds?: number;
                            };
                            timeoutSeconds?: number;
                            /** @default [] */
                            tags?: string[];
                            /** @default {} */
                            metadata?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            name: string;
                            cron?: string;
                            rrule?: string;
                            /** @default UTC */
                            timeZone?: string;
                            startsAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            endsAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** @default [] */
                            exclude?: string[];
                            /** @default 0 */
                            jitterSeconds?: number;
                            /**
                             * @default once
                             * @enum {string}
                             */
                            missed?: "skip" | "once" | "all";
                            /** @default 86400 */
                            missedWithinSeconds?: number;
                            /**
                             * @default allow
                             * @enum {string}
                             */
                            concurrent?: "allow" | "skip";
                            /**
                             * @default next
                             * @enum {string}
                             */
                            dstGap?: "next" | "skip";
                            /**
                             * @default first
                             * @enum {string}
                             */
                            dstOverlap?: "first" | "both";
                            notification?: unknown;
                            publish?: unknown;
                            unpublish?: unknown;
                            task?: unknown;
                            /** @enum {string} */
                            state: "active" | "paused" | "finished";
                            nextRuns: string[];
                            lastRun: {
                                /** Format: uuid */
                                id: string;
                                scheduleId: string;
                                /** Format: date-time */
                                occurrenceAt: string;
                                /** Format: date-time */
                                dueAt: string;
                                /** @enum {string} */
                                cause: "schedule" | "missed" | "backfill" | "manual";
                                /** @enum {string} */
                                state: "pending" | "started" | "skipped" | "failed" | "canceled";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                item: {
                                    kind: string;
                                    id: string;
                                    state: string | null;
                                } | null;
                                attemptCount: number;
                                nextAttemptAt: string | null;
                                lateMs: number | null;
                                startedAt: string | null;
                                finishedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                            } | null;
                            declared: boolean;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
                201: {
                    content: {
                        "application/json": {
                            name: string;
                            cron?: string;
                            rrule?: string;
                            /** @default UTC */
                            timeZone?: string;
                            startsAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            endsAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** @default [] */
                            exclude?: string[];
                            /** @default 0 */
                            jitterSeconds?: number;
                            /**
                             * @default once
                             * @enum {string}
                             */
                            missed?: "skip" | "once" | "all";
                            /** @default 86400 */
                            missedWithinSeconds?: number;
                            /**
                             * @default allow
                             * @enum {string}
                             */
                            concurrent?: "allow" | "skip";
                            /**
                             * @default next
                             * @enum {string}
                             */
                            dstGap?: "next" | "skip";
                            /**
                             * @default first
                             * @enum {string}
                             */
                            dstOverlap?: "first" | "both";
                            notification?: unknown;
                            publish?: unknown;
                            unpublish?: unknown;
                            task?: unknown;
                            /** @enum {string} */
                            state: "active" | "paused" | "finished";
                            nextRuns: string[];
                            lastRun: {
                                /** Format: uuid */
                                id: string;
                                scheduleId: string;
                                /** Format: date-time */
                                occurrenceAt: string;
                                /** Format: date-time */
                                dueAt: string;
                                /** @enum {string} */
                                cause: "schedule" | "missed" | "backfill" | "manual";
                                /** @enum {string} */
                                state: "pending" | "started" | "skipped" | "failed" | "canceled";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                item: {
                                    kind: string;
                                    id: string;
                                    state: string | null;
                                } | null;
                                attemptCount: number;
                                nextAttemptAt: string | null;
                                lateMs: number | null;
                                startedAt: string | null;
                                finishedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                            } | null;
                            declared: boolean;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
        delete: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    name: string;
                };
            };
            responses: {
                204: {
                };
            };
        };
        patch: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    name: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        cron?: unknown;
                        rrule?: unknown;
                        timeZone?: unknown;
                        startsAt?: unknown;
                        endsAt?: unknown;
                        exclude?: unknown;
                        jitterSeconds?: unknown;
                        missed?: unknown;
                        missedWithinSeconds?: unknown;
                        concurrent?: unknown;
                        dstGap?: unknown;
                        dstOverlap?: unknown;
                        notification?: unknown;
                        publish?: unknown;
                        unpublish?: unknown;
                        task?: unknown;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            name: string;
                            cron?: string;
                            rrule?: string;
                            /** @default UTC */
                            timeZone?: string;
                            startsAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            endsAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** @default [] */
                            exclude?: string[];
                            /** @default 0 */
                            jitterSeconds?: number;
                            /**
                             * @default once
                             * @enum {string}
                             */
                            missed?: "skip" | "once" | "all";
                            /** @default 86400 */
                            missedWithinSeconds?: number;
                            /**
                             * @default allow
                             * @enum {string}
                             */
                            concurrent?: "allow" | "skip";
                            /**
                             * @default next
                             * @enum {string}
                             */
                            dstGap?: "next" | "skip";
                            /**
                             * @default first
                             * @enum {string}
                             */
                            dstOverlap?: "first" | "both";
                            notification?: unknown;
                            publish?: unknown;
                            unpublish?: unknown;
                            task?: unknown;
                            /** @enum {string} */
                            state: "active" | "paused" | "finished";
                            nextRuns: string[];
                            lastRun: {
                                /** Format: uuid */
                                id: string;
                                scheduleId: string;
                                /** Format: date-time */
                                occurrenceAt: string;
                                /** Format: date-time */
                                dueAt: string;
                                /** @enum {string} */
                                cause: "schedule" | "missed" | "backfill" | "manual";
                                /** @enum {string} */
                                state: "pending" | "started" | "skipped" | "failed" | "canceled";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                item: {
                                    kind: string;
                                    id: string;
                                    state: string | null;
                                } | null;
                                attemptCount: number;
                                nextAttemptAt: string | null;
                                lateMs: number | null;
                                startedAt: string | null;
                                finishedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                            } | null;
                            declared: boolean;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/schedules/{name}/runs": {
        get: {
            parameters: {
                query?: {
                    state?: string;
                    limit?: number;
                    cursor?: string;
                    sort?: "occurrenceAt" | "-occurrenceAt";
                };
                path: {
                    name: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                scheduleId: string;
                                /** Format: date-time */
                                occurrenceAt: string;
                                /** Format: date-time */
                                dueAt: string;
                                /** @enum {string} */
                                cause: "schedule" | "missed" | "backfill" | "manual";
                                /** @enum {string} */
                                state: "pending" | "started" | "skipped" | "failed" | "canceled";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                item: {
                                    kind: string;
                                    id: string;
                                    state: string | null;
                                } | null;
                                attemptCount: number;
                                nextAttemptAt: string | null;
                                lateMs: number | null;
                                startedAt: string | null;
                                finishedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/schedules/{name}/runs/{id}/retry": {
        post: {
            parameters: {
                path: {
                    name: string;
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            scheduleId: string;
                            /** Format: date-time */
                            occurrenceAt: string;
                            /** Format: date-time */
                            dueAt: string;
                            /** @enum {string} */
                            cause: "schedule" | "missed" | "backfill" | "manual";
                            /** @enum {string} */
                            state: "pending" | "started" | "skipped" | "failed" | "canceled";
                            reason: string | null;
                            error: {
                                code: string;
                                message: string;
                            } | null;
                            item: {
                                kind: string;
                                id: string;
                                state: string | null;
                            } | null;
                            attemptCount: number;
                            nextAttemptAt: string | null;
                            lateMs: number | null;
                            startedAt: string | null;
                            finishedAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/schedules/{name}/runs/{id}/resolve": {
        post: {
            parameters: {
                path: {
                    name: string;
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @default canceled
                         * @enum {string}
                         */
                        outcome?: "canceled";
                        note?: string;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            scheduleId: string;
                            /** Format: date-time */
                            occurrenceAt: string;
                            /** Format: date-time */
                            dueAt: string;
                            /** @enum {string} */
                            cause: "schedule" | "missed" | "backfill" | "manual";
                            /** @enum {string} */
                            state: "pending" | "started" | "skipped" | "failed" | "canceled";
                            reason: string | null;
                            error: {
                                code: string;
                                message: string;
                            } | null;
                            item: {
                                kind: string;
                                id: string;
                                state: string | null;
                            } | null;
                            attemptCount: number;
                            nextAttemptAt: string | null;
                            lateMs: number | null;
                            startedAt: string | null;
                            finishedAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/schedules/{name}/pause": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    name: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            name: string;
                            cron?: string;
                            rrule?: string;
                            /** @default UTC */
                            timeZone?: string;
                            startsAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            endsAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** @default [] */
                            exclude?: string[];
                            /** @default 0 */
                            jitterSeconds?: number;
                            /**
                             * @default once
                             * @enum {string}
                             */
                            missed?: "skip" | "once" | "all";
                            /** @default 86400 */
                            missedWithinSeconds?: number;
                            /**
                             * @default allow
                             * @enum {string}
                             */
                            concurrent?: "allow" | "skip";
                            /**
                             * @default next
                             * @enum {string}
                             */
                            dstGap?: "next" | "skip";
                            /**
                             * @default first
                             * @enum {string}
                             */
                            dstOverlap?: "first" | "both";
                            notification?: unknown;
                            publish?: unknown;
                            unpublish?: unknown;
                            task?: unknown;
                            /** @enum {string} */
                            state: "active" | "paused" | "finished";
                            nextRuns: string[];
                            lastRun: {
                                /** Format: uuid */
                                id: string;
                                scheduleId: string;
                                /** Format: date-time */
                                occurrenceAt: string;
                                /** Format: date-time */
                                dueAt: string;
                                /** @enum {string} */
                                cause: "schedule" | "missed" | "backfill" | "manual";
                                /** @enum {string} */
                                state: "pending" | "started" | "skipped" | "failed" | "canceled";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                item: {
                                    kind: string;
                                    id: string;
                                    state: string | null;
                                } | null;
                                attemptCount: number;
                                nextAttemptAt: string | null;
                                lateMs: number | null;
                                startedAt: string | null;
                                finishedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                            } | null;
                            declared: boolean;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/schedules/{name}/resume": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    name: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        missed?: "skip" | "once" | "all";
                        /** @default false */
                        dryRun?: boolean;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            missedCount: number;
                        };
                    };
                };
            };
        };
    };
    "/v1/schedules/{name}/run-now": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                    /** @example order-1042-reminder */
                    "Idempotency-Key"?: string;
                };
                path: {
                    name: string;
                };
            };
            responses: {
                201: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            scheduleId: string;
                            /** Format: date-time */
                            occurrenceAt: string;
                            /** Format: date-time */
                            dueAt: string;
                            /** @enum {string} */
                            cause: "schedule" | "missed" | "backfill" | "manual";
                            /** @enum {string} */
                            state: "pending" | "started" | "skipped" | "failed" | "canceled";
                            reason: string | null;
                            error: {
                                code: string;
                                message: string;
                            } | null;
                            item: {
                                kind: string;
                                id: string;
                                state: string | null;
                            } | null;
                            attemptCount: number;
                            nextAttemptAt: string | null;
                            lateMs: number | null;
                            startedAt: string | null;
                            finishedAt: string | null;
                            /** Format: date-time */
                            createdAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/schedules/{name}/backfill": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    name: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** When */
                        from: unknown;
                        /** When */
                        to: unknown;
                        /** @default false */
                        dryRun?: boolean;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            count: number;
                        };
                    };
                };
            };
        };
    };
    "/v1/schedule-runs": {
        get: {
            parameters: {
                query?: {
                    scheduleId?: string;
                    state?: string;
                    dueFrom?: string;
                    dueTo?: string;
                    error?: string;
                    provider?: string;
                    limit?: number;
                    cursor?: string;
                    sort?: "dueAt" | "-dueAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                scheduleId: string;
                                /** Format: date-time */
                                occurrenceAt: string;
                                /** Format: date-time */
                                dueAt: string;
                                /** @enum {string} */
                                cause: "schedule" | "missed" | "backfill" | "manual";
                                /** @enum {string} */
                                state: "pending" | "started" | "skipped" | "failed" | "canceled";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                item: {
                                    kind: string;
                                    id: string;
                                    state: string | null;
                                } | null;
                                attemptCount: number;
                                nextAttemptAt: string | null;
                                lateMs: number | null;
                                startedAt: string | null;
                                finishedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/tasks": {
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    cursor?: string;
                    sort?: "name" | "-name";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                name: string;
                                description: string | null;
                                schema: {
                                    [key: string]: unknown;
                                } | null;
                                retry: {
                                    limit: number;
                                    delaySeconds: number;
                                    /** @enum {string} */
                                    backoff: "fixed" | "exponential";
                                    maxDelaySeconds: number;
                                };
                                timeoutSeconds: number;
                                concurrency: number | null;
                                concurrencyKey: string | null;
                                thread: boolean;
                                upload: {
                                    maxBytes: number;
                                } | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/tasks/{name}": {
        get: {
            parameters: {
                path: {
                    name: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            name: string;
                            description: string | null;
                            schema: {
                                [key: string]: unknown;
                            } | null;
                            retry: {
                                limit: number;
                                delaySeconds: number;
                                /** @enum {string} */
                                backoff: "fixed" | "exponential";
                                maxDelaySeconds: number;
                            };
                            timeoutSeconds: number;
                            concurrency: number | null;
                            concurrencyKey: string | null;
                            thread: boolean;
                            upload: {
                                maxBytes: number;
                            } | null;
                        };
                    };
                };
            };
        };
        post: {
            parameters: {
                header?: {
                    /** @example order-1042-reminder */
                    "Idempotency-Key"?: string;
                };
                path: {
                    name: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default {} */
                        data?: {
                            [key: string]: unknown;
                        };
                        /** When */
                        runAt?: unknown;
                        /** When */
                        expiresAt?: unknown;
                        /** @default 0 */
                        priority?: number;
                        dedupeKey?: string;
                        /**
                         * @default ignore
                         * @enum {string}
                         */
                        onDuplicate?: "ignore" | "replace" | "reject";
                        groupKey?: string;
                        retry?: {
                            limit?: number;
                            delaySeconds?: number;
                            /** @enum {string} */
                            backoff?: "fixed" | "exponential";
                            maxDelaySeconds?: number;
                        };
                        timeoutSeconds?: number;
                        /** @default [] */
                        tags?: string[];
                        /** @default {} */
                        metadata?: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            task: string;
                            /** @enum {string} */
                            state: "scheduled" | "queued" | "running" | "retrying" | "succeeded" | "failed" | "canceled" | "expired";
                            reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "unknown_task" | "request" | "group" | "forgotten") | null;
                            data: {
                                [key: string]: unknown;
                            };
                            runAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** Format: date-time */
                            dueAt: string;
                            expiresAt: string | null;
                            nextAttemptAt: string | null;
                            priority: number;
                            dedupeKey: string | null;
                            /** @constant */
                            deduplicated?: true;
                            groupKey: string | null;
                            scheduleId: string | null;
                            retry: {
                                limit: number;
                                delaySeconds: number;
                                /** @enum {string} */
                                backoff: "fixed" | "exponential";
                                maxDelaySeconds: number;
                            };
                            timeoutSeconds: number;
                            tags: string[];
                            metadata: {
                                [key: string]: unknown;
                            };
                            progress: number;
                            result: unknown;
                            attemptCount: number;
                            attempts?: {
                                number: number;
                                outcome: ("succeeded" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                /** Format: date-time */
                                startedAt: string;
                                finishedAt: string | null;
                                lateMs: number;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                            }[];
                            lateMs: number | null;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
                201: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            task: string;
                            /** @enum {string} */
                            state: "scheduled" | "queued" | "running" | "retrying" | "succeeded" | "failed" | "canceled" | "expired";
                            reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "unknown_task" | "request" | "group" | "forgotten") | null;
                            data: {
                                [key: string]: unknown;
                            };
                            runAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** Format: date-time */
                            dueAt: string;
                            expiresAt: string | null;
                            nextAttemptAt: string | null;
                            priority: number;
                            dedupeKey: string | null;
                            /** @constant */
                            deduplicated?: true;
                            groupKey: string | null;
                            scheduleId: string | null;
                            retry: {
                                limit: number;
                                delaySeconds: number;
                                /** @enum {string} */
                                backoff: "fixed" | "exponential";
                                maxDelaySeconds: number;
                            };
                            timeoutSeconds: number;
                            tags: string[];
                            metadata: {
                                [key: string]: unknown;
                            };
                            progress: number;
                            result: unknown;
                            attemptCount: number;
                            attempts?: {
                                number: number;
                                outcome: ("succeeded" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                /** Format: date-time */
                                startedAt: string;
                                finishedAt: string | null;
                                lateMs: number;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                            }[];
                            lateMs: number | null;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/runs": {
        get: {
            parameters: {
                query?: {
                    task?: string;
                    state?: string;
                    tag?: string | string[];
                    groupKey?: string;
                    scheduleId?: string;
                    dueFrom?: string;
                    dueTo?: string;
                    createdFrom?: string;
                    createdTo?: string;
                    q?: string;
                    error?: string;
                    provider?: string;
                    limit?: number;
                    cursor?: string;
                    sort?: "dueAt" | "-dueAt" | "createdAt" | "-createdAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                task: string;
                                /** @enum {string} */
                                state: "scheduled" | "queued" | "running" | "retrying" | "succeeded" | "failed" | "canceled" | "expired";
                                reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "unknown_task" | "request" | "group" | "forgotten") | null;
                                data: {
                                    [key: string]: unknown;
                                };
                                runAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                /** Format: date-time */
                                dueAt: string;
                                expiresAt: string | null;
                                nextAttemptAt: string | null;
                                priority: number;
                                dedupeKey: string | null;
                                /** @constant */
                                deduplicated?: true;
                                groupKey: string | null;
                                scheduleId: string | null;
                                retry: {
                                    limit: number;
                                    delaySeconds: number;
                                    /** @enum {string} */
                                    backoff: "fixed" | "exponential";
                                    maxDelaySeconds: number;
                                };
                                timeoutSeconds: number;
                                tags: string[];
                                metadata: {
                                    [key: string]: unknown;
                                };
                                progress: number;
                                result: unknown;
                                attemptCount: number;
                                attempts?: {
                                    number: number;
                                    outcome: ("succeeded" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                    /** Format: date-time */
                                    startedAt: string;
                                    finishedAt: string | null;
                                    lateMs: number;
                                    error: {
                                        code: string;
                                        message: string;
                                    } | null;
                                }[];
                                lateMs: number | null;
                                version: number;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/runs/{id}": {
        get: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-None-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            task: string;
                            /** @enum {string} */
                            state: "scheduled" | "queued" | "running" | "retrying" | "succeeded" | "failed" | "canceled" | "expired";
                            reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "unknown_task" | "request" | "group" | "forgotten") | null;
                            data: {
                                [key: string]: unknown;
                            };
                            runAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** Format: date-time */
                            dueAt: string;
                            expiresAt: string | null;
                            nextAttemptAt: string | null;
                            priority: number;
                            dedupeKey: string | null;
                            /** @constant */
                            deduplicated?: true;
                            groupKey: string | null;
                            scheduleId: string | null;
                            retry: {
                                limit: number;
                                delaySeconds: number;
                                /** @enum {string} */
                                backoff: "fixed" | "exponential";
                                maxDelaySeconds: number;
                            };
                            timeoutSeconds: number;
                            tags: string[];
                            metadata: {
                                [key: string]: unknown;
                            };
                            progress: number;
                            result: unknown;
                            attemptCount: number;
                            attempts?: {
                                number: number;
                                outcome: ("succeeded" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                /** Format: date-time */
                                startedAt: string;
                                finishedAt: string | null;
                                lateMs: number;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                            }[];
                            lateMs: number | null;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/runs/{id}/timeline": {
        get: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: date-time */
                                at: string;
                                type: string;
                                detail: string;
                                waitMs: number;
                            }[];
                        };
                    };
                };
            };
        };
    };
    "/v1/runs/{id}/cancel": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** @constant */
                            outcome: "canceled";
                            /** @constant */
                            state: "canceled";
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** @constant */
                            outcome: "canceling";
                            /** @constant */
                            state: "running";
                        };
                    };
                };
            };
        };
    };
    "/v1/runs/{id}/send-now": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            task: string;
                            /** @enum {string} */
                            state: "scheduled" | "queued" | "running" | "retrying" | "succeeded" | "failed" | "canceled" | "expired";
                            reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "unknown_task" | "request" | "group" | "forgotten") | null;
                            data: {
                                [key: string]: unknown;
                            };
                            runAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** Format: date-time */
                            dueAt: string;
                            expiresAt: string | null;
                            nextAttemptAt: string | null;
                            priority: number;
                            dedupeKey: string | null;
                            /** @constant */
                            deduplicated?: true;
                            groupKey: string | null;
                            scheduleId: string | null;
                            retry: {
                                limit: number;
                                delaySeconds: number;
                                /** @enum {string} */
                                backoff: "fixed" | "exponential";
                                maxDelaySeconds: number;
                            };
                            timeoutSeconds: number;
                            tags: string[];
                            metadata: {
                                [key: string]: unknown;
                            };
                            progress: number;
                            result: unknown;
                            attemptCount: number;
                            attempts?: {
                                number: number;
                                outcome: ("succeeded" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                /** Format: date-time */
                                startedAt: string;
                                finishedAt: string | null;
                                lateMs: number;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                            }[];
                            lateMs: number | null;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/runs/{id}/retry": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** When */
                        runAt?: unknown;
                        /** When */
                        expiresAt?: unknown;
                        patch?: {
                            /** @default {} */
                            data?: {
                                [key: string]: unknown;
                            } | null;
                            /** @default 0 */
                            priority?: number | null;
                            groupKey?: string | null;
                            retry?: {
                                limit?: number | null;
                                delaySeconds?: number | null;
                                /** @enum {string|null} */
                                backoff?: "fixed" | "exponential" | null;
                                maxDelaySeconds?: number | null;
                            } | null;
                            timeoutSeconds?: number | null;
                            /** @default [] */
                            tags?: string[] | null;
                            /** @default {} */
                            metadata?: {
                                [key: string]: unknown;
                            } | null;
                        };
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            task: string;
                            /** @enum {string} */
                            state: "scheduled" | "queued" | "running" | "retrying" | "succeeded" | "failed" | "canceled" | "expired";
                            reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "unknown_task" | "request" | "group" | "forgotten") | null;
                            data: {
                                [key: string]: unknown;
                            };
                            runAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** Format: date-time */
                            dueAt: string;
                            expiresAt: string | null;
                            nextAttemptAt: string | null;
                            priority: number;
                            dedupeKey: string | null;
                            /** @constant */
                            deduplicated?: true;
                            groupKey: string | null;
                            scheduleId: string | null;
                            retry: {
                                limit: number;
                                delaySeconds: number;
                                /** @enum {string} */
                                backoff: "fixed" | "exponential";
                                maxDelaySeconds: number;
                            };
                            timeoutSeconds: number;
                            tags: string[];
                            metadata: {
                                [key: string]: unknown;
                            };
                            progress: number;
                            result: unknown;
                            attemptCount: number;
                            attempts?: {
                                number: number;
                                outcome: ("succeeded" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                /** Format: date-time */
                                startedAt: string;
                                finishedAt: string | null;
                                lateMs: number;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                            }[];
                            lateMs: number | null;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/runs/{id}/resolve": {
        post: {
            parameters: {
                header?: {
                    /** @example "3" */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        outcome: "succeeded" | "failed";
                        note?: string;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            task: string;
                            /** @enum {string} */
                            state: "scheduled" | "queued" | "running" | "retrying" | "succeeded" | "failed" | "canceled" | "expired";
                            reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "unknown_task" | "request" | "group" | "forgotten") | null;
                            data: {
                                [key: string]: unknown;
                            };
                            runAt: (string | {
                                delay: number | string;
                            } | {
                                local: string;
                                timeZone: string;
                                /**
                                 * @default reject
                                 * @enum {string}
                                 */
                                disambiguation?: "reject" | "earlier" | "later";
                            }) | null;
                            /** Format: date-time */
                            dueAt: string;
                            expiresAt: string | null;
                            nextAttemptAt: string | null;
                            priority: number;
                            dedupeKey: string | null;
                            /** @constant */
                            deduplicated?: true;
                            groupKey: string | null;
                            scheduleId: string | null;
                            retry: {
                                limit: number;
                                delaySeconds: number;
                                /** @enum {string} */
                                backoff: "fixed" | "exponential";
                                maxDelaySeconds: number;
                            };
                            timeoutSeconds: number;
                            tags: string[];
                            metadata: {
                                [key: string]: unknown;
                            };
                            progress: number;
                            result: unknown;
                            attemptCount: number;
                            attempts?: {
                                number: number;
                                outcome: ("succeeded" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                /** Format: date-time */
                                startedAt: string;
                                finishedAt: string | null;
                                lateMs: number;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                            }[];
                            lateMs: number | null;
                            version: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/notifications/cancel": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            state?: string;
                            channel?: string;
                            to?: string;
                            tag?: string | string[];
                            groupKey?: string;
                            dedupeKey?: string;
                            scheduleId?: string;
                            dueFrom?: string;
                            dueTo?: string;
                            createdFrom?: string;
                            createdTo?: string;
                            q?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                state: "scheduled" | "queued" | "sending" | "retrying" | "delivered" | "failed" | "canceled" | "expired";
                                reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "request" | "group" | "forgotten") | null;
                                /** @enum {string} */
                                channel: "log" | "email" | "webhook";
                                to: unknown;
                                message?: string;
                                subject?: string;
                                text?: string;
                                html?: string;
                                cc?: string | string[];
                                bcc?: string | string[];
                                replyTo?: string;
                                from?: string;
                                attachments?: {
                                    filename: string;
                                    contentType?: string;
                                    content: string;
                                }[];
                                payload?: unknown;
                                headers?: {
                                    [key: string]: unknown;
                                };
                                sendAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                /** Format: date-time */
                                dueAt: string;
                                expiresAt: string | null;
                                nextAttemptAt: string | null;
                                priority: number;
                                dedupeKey: string | null;
                                /** @constant */
                                deduplicated?: true;
                                groupKey: string | null;
                                scheduleId: string | null;
                                retry: {
                                    limit: number;
                                    delaySeconds: number;
                                    /** @enum {string} */
                                    backoff: "fixed" | "exponential";
                                    maxDelaySeconds: number;
                                };
                                /** @enum {string} */
                                onUnknown: "retry" | "stop";
                                timeoutSeconds: number;
                                tags: string[];
                                metadata: {
                                    [key: string]: unknown;
                                };
                                attemptCount: number;
                                attempts?: {
                                    number: number;
                                    outcome: ("delivered" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                    /** Format: date-time */
                                    startedAt: string;
                                    finishedAt: string | null;
                                    lateMs: number;
                                    provider: string | null;
                                    providerId: string | null;
                                    statusCode: number | null;
                                    error: {
                                        code: string;
                                        message: string;
                                    } | null;
                                    rejected: {
                                        address: string;
                                        message: string;
                                    }[];
                                    response: string | null;
                                }[];
                                lateMs: number | null;
                                version: number;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/notifications/retry": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            state?: string;
                            channel?: string;
                            to?: string;
                            tag?: string | string[];
                            groupKey?: string;
                            dedupeKey?: string;
                            scheduleId?: string;
                            dueFrom?: string;
                            dueTo?: string;
                            createdFrom?: string;
                            createdTo?: string;
                            q?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                        /** When */
                        sendAt?: unknown;
                        /** When */
                        expiresAt?: unknown;
                        patch?: {
                            /** @default 0 */
                            priority?: number | null;
                            groupKey?: string | null;
                            /**
                             * @default {
                             *       "limit": 3,
                             *       "delaySeconds": 60,
                             *       "backoff": "exponential",
                             *       "maxDelaySeconds": 3600
                             *     }
                             */
                            retry?: {
                                limit?: number | null;
                                delaySeconds?: number | null;
                                /** @enum {string|null} */
                                backoff?: "fixed" | "exponential" | null;
                                maxDelaySeconds?: number | null;
                            } | null;
                            /**
                             * @default retry
                             * @enum {string|null}
                             */
                            onUnknown?: "retry" | "stop" | null;
                            /** @default 15 */
                            timeoutSeconds?: number | null;
                            /** @default [] */
                            tags?: string[] | null;
                            /** @default {} */
                            metadata?: {
                                [key: string]: unknown;
                            } | null;
                            message?: string | null;
                            subject?: string | null;
                            text?: string | null;
                            html?: string | null;
                            cc?: string | string[] | null;
                            bcc?: string | string[] | null;
                            replyTo?: string | null;
                            from?: string | null;
                            attachments?: {
                                filename: string;
                                contentType?: string;
                                content: string;
                            }[] | null;
                            payload?: unknown;
                            headers?: {
                                [key: string]: unknown;
                            } | null;
                        };
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                state: "scheduled" | "queued" | "sending" | "retrying" | "delivered" | "failed" | "canceled" | "expired";
                                reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "request" | "group" | "forgotten") | null;
                                /** @enum {string} */
                                channel: "log" | "email" | "webhook";
                                to: unknown;
                                message?: string;
                                subject?: string;
                                text?: string;
                                html?: string;
                                cc?: string | string[];
                                bcc?: string | string[];
                                replyTo?: string;
                                from?: string;
                                attachments?: {
                                    filename: string;
                                    contentType?: string;
                                    content: string;
                                }[];
                                payload?: unknown;
                                headers?: {
                                    [key: string]: unknown;
                                };
                                sendAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                /** Format: date-time */
                                dueAt: string;
                                expiresAt: string | null;
                                nextAttemptAt: string | null;
                                priority: number;
                                dedupeKey: string | null;
                                /** @constant */
                                deduplicated?: true;
                                groupKey: string | null;
                                scheduleId: string | null;
                                retry: {
                                    limit: number;
                                    delaySeconds: number;
                                    /** @enum {string} */
                                    backoff: "fixed" | "exponential";
                                    maxDelaySeconds: number;
                                };
                                /** @enum {string} */
                                onUnknown: "retry" | "stop";
                                timeoutSeconds: number;
                                tags: string[];
                                metadata: {
                                    [key: string]: unknown;
                                };
                                attemptCount: number;
                                attempts?: {
                                    number: number;
                                    outcome: ("delivered" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                    /** Format: date-time */
                                    startedAt: string;
                                    finishedAt: string | null;
                                    lateMs: number;
                                    provider: string | null;
                                    providerId: string | null;
                                    statusCode: number | null;
                                    error: {
                                        code: string;
                                        message: string;
                                    } | null;
                                    rejected: {
                                        address: string;
                                        message: string;
                                    }[];
                                    response: string | null;
                                }[];
                                lateMs: number | null;
                                version: number;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/notifications/resolve": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            state?: string;
                            channel?: string;
                            to?: string;
                            tag?: string | string[];
                            groupKey?: string;
                            dedupeKey?: string;
                            scheduleId?: string;
                            dueFrom?: string;
                            dueTo?: string;
                            createdFrom?: string;
                            createdTo?: string;
                            q?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                        /** @enum {string} */
                        outcome: "delivered" | "failed";
                        note?: string;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                state: "scheduled" | "queued" | "sending" | "retrying" | "delivered" | "failed" | "canceled" | "expired";
                                reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "request" | "group" | "forgotten") | null;
                                /** @enum {string} */
                                channel: "log" | "email" | "webhook";
                                to: unknown;
                                message?: string;
                                subject?: string;
                                text?: string;
                                html?: string;
                                cc?: string | string[];
                                bcc?: string | string[];
                                replyTo?: string;
                                from?: string;
                                attachments?: {
                                    filename: string;
                                    contentType?: string;
                                    content: string;
                                }[];
                                payload?: unknown;
                                headers?: {
                                    [key: string]: unknown;
                                };
                                sendAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                /** Format: date-time */
                                dueAt: string;
                                expiresAt: string | null;
                                nextAttemptAt: string | null;
                                priority: number;
                                dedupeKey: string | null;
                                /** @constant */
                                deduplicated?: true;
                                groupKey: string | null;
                                scheduleId: string | null;
                                retry: {
                                    limit: number;
                                    delaySeconds: number;
                                    /** @enum {string} */
                                    backoff: "fixed" | "exponential";
                                    maxDelaySeconds: number;
                                };
                                /** @enum {string} */
                                onUnknown: "retry" | "stop";
                                timeoutSeconds: number;
                                tags: string[];
                                metadata: {
                                    [key: string]: unknown;
                                };
                                attemptCount: number;
                                attempts?: {
                                    number: number;
                                    outcome: ("delivered" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                    /** Format: date-time */
                                    startedAt: string;
                                    finishedAt: string | null;
                                    lateMs: number;
                                    provider: string | null;
                                    providerId: string | null;
                                    statusCode: number | null;
                                    error: {
                                        code: string;
                                        message: string;
                                    } | null;
                                    rejected: {
                                        address: string;
                                        message: string;
                                    }[];
                                    response: string | null;
                                }[];
                                lateMs: number | null;
                                version: number;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/publications/cancel": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            state?: string;
                            type?: string;
                            id?: string;
                            releaseId?: string;
                            dueFrom?: string;
                            dueTo?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                type: string;
                                resourceId: string;
                                locale: string;
                                /** @enum {string} */
                                action: "publish" | "unpublish" | "archive";
                                revision: number | null;
                                /** @enum {string} */
                                onEdit: "pin" | "follow" | "cancel";
                                at: unknown;
                                /** Format: date-time */
                                dueAt: string;
                                nextAttemptAt: string | null;
                                maxLateSeconds: number | null;
                                /** @enum {string} */
                                state: "scheduled" | "succeeded" | "superseded" | "canceled" | "failed" | "missed";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                    errors?: {
                                        path: string;
                                        message: string;
                                    }[];
                                } | null;
                                releaseId: string | null;
                                attemptCount: number;
                                lateMs: number | null;
                                executedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/publications/retry": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            state?: string;
                            type?: string;
                            id?: string;
                            releaseId?: string;
                            dueFrom?: string;
                            dueTo?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                        /** When */
                        publishAt?: unknown;
                        /**
                         * @default pinned
                         * @enum {string}
                         */
                        revision?: "pinned" | "draft";
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                type: string;
                                resourceId: string;
                                locale: string;
                                /** @enum {string} */
                                action: "publish" | "unpublish" | "archive";
                                revision: number | null;
                                /** @enum {string} */
                                onEdit: "pin" | "follow" | "cancel";
                                at: unknown;
                                /** Format: date-time */
                                dueAt: string;
                                nextAttemptAt: string | null;
                                maxLateSeconds: number | null;
                                /** @enum {string} */
                                state: "scheduled" | "succeeded" | "superseded" | "canceled" | "failed" | "missed";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                    errors?: {
                                        path: string;
                                        message: string;
                                    }[];
                                } | null;
                                releaseId: string | null;
                                attemptCount: number;
                                lateMs: number | null;
                                executedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/publications/resolve": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            state?: string;
                            type?: string;
                            id?: string;
                            releaseId?: string;
                            dueFrom?: string;
                            dueTo?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                        /** @enum {string} */
                        outcome: "succeeded" | "failed";
                        note?: string;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                type: string;
                                resourceId: string;
                                locale: string;
                                /** @enum {string} */
                                action: "publish" | "unpublish" | "archive";
                                revision: number | null;
                                /** @enum {string} */
                                onEdit: "pin" | "follow" | "cancel";
                                at: unknown;
                                /** Format: date-time */
                                dueAt: string;
                                nextAttemptAt: string | null;
                                maxLateSeconds: number | null;
                                /** @enum {string} */
                                state: "scheduled" | "succeeded" | "superseded" | "canceled" | "failed" | "missed";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                    errors?: {
                                        path: string;
                                        message: string;
                                    }[];
                                } | null;
                                releaseId: string | null;
                                attemptCount: number;
                                lateMs: number | null;
                                executedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/runs/cancel": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            task?: string;
                            state?: string;
                            tag?: string | string[];
                            groupKey?: string;
                            scheduleId?: string;
                            dueFrom?: string;
                            dueTo?: string;
                            createdFrom?: string;
                            createdTo?: string;
                            q?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                task: string;
                                /** @enum {string} */
                                state: "scheduled" | "queued" | "running" | "retrying" | "succeeded" | "failed" | "canceled" | "expired";
                                reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "unknown_task" | "request" | "group" | "forgotten") | null;
                                data: {
                                    [key: string]: unknown;
                                };
                                runAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                /** Format: date-time */
                                dueAt: string;
                                expiresAt: string | null;
                                nextAttemptAt: string | null;
                                priority: number;
                                dedupeKey: string | null;
                                /** @constant */
                                deduplicated?: true;
                                groupKey: string | null;
                                scheduleId: string | null;
                                retry: {
                                    limit: number;
                                    delaySeconds: number;
                                    /** @enum {string} */
                                    backoff: "fixed" | "exponential";
                                    maxDelaySeconds: number;
                                };
                                timeoutSeconds: number;
                                tags: string[];
                                metadata: {
                                    [key: string]: unknown;
                                };
                                progress: number;
                                result: unknown;
                                attemptCount: number;
                                attempts?: {
                                    number: number;
                                    outcome: ("succeeded" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                    /** Format: date-time */
                                    startedAt: string;
                                    finishedAt: string | null;
                                    lateMs: number;
                                    error: {
                                        code: string;
                                        message: string;
                                    } | null;
                                }[];
                                lateMs: number | null;
                                version: number;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/runs/retry": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            task?: string;
                            state?: string;
                            tag?: string | string[];
                            groupKey?: string;
                            scheduleId?: string;
                            dueFrom?: string;
                            dueTo?: string;
                            createdFrom?: string;
                            createdTo?: string;
                            q?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                        /** When */
                        runAt?: unknown;
                        /** When */
                        expiresAt?: unknown;
                        patch?: {
                            /** @default {} */
                            data?: {
                                [key: string]: unknown;
                            } | null;
                            /** @default 0 */
                            priority?: number | null;
                            groupKey?: string | null;
                            retry?: {
                                limit?: number | null;
                                delaySeconds?: number | null;
                                /** @enum {string|null} */
                                backoff?: "fixed" | "exponential" | null;
                                maxDelaySeconds?: number | null;
                            } | null;
                            timeoutSeconds?: number | null;
                            /** @default [] */
                            tags?: string[] | null;
                            /** @default {} */
                            metadata?: {
                                [key: string]: unknown;
                            } | null;
                        };
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                task: string;
                                /** @enum {string} */
                                state: "scheduled" | "queued" | "running" | "retrying" | "succeeded" | "failed" | "canceled" | "expired";
                                reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "unknown_task" | "request" | "group" | "forgotten") | null;
                                data: {
                                    [key: string]: unknown;
                                };
                                runAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                /** Format: date-time */
                                dueAt: string;
                                expiresAt: string | null;
                                nextAttemptAt: string | null;
                                priority: number;
                                dedupeKey: string | null;
                                /** @constant */
                                deduplicated?: true;
                                groupKey: string | null;
                                scheduleId: string | null;
                                retry: {
                                    limit: number;
                                    delaySeconds: number;
                                    /** @enum {string} */
                                    backoff: "fixed" | "exponential";
                                    maxDelaySeconds: number;
                                };
                                timeoutSeconds: number;
                                tags: string[];
                                metadata: {
                                    [key: string]: unknown;
                                };
                                progress: number;
                                result: unknown;
                                attemptCount: number;
                                attempts?: {
                                    number: number;
                                    outcome: ("succeeded" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                    /** Format: date-time */
                                    startedAt: string;
                                    finishedAt: string | null;
                                    lateMs: number;
                                    error: {
                                        code: string;
                                        message: string;
                                    } | null;
                                }[];
                                lateMs: number | null;
                                version: number;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/runs/resolve": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            task?: string;
                            state?: string;
                            tag?: string | string[];
                            groupKey?: string;
                            scheduleId?: string;
                            dueFrom?: string;
                            dueTo?: string;
                            createdFrom?: string;
                            createdTo?: string;
                            q?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                        /** @enum {string} */
                        outcome: "succeeded" | "failed";
                        note?: string;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                task: string;
                                /** @enum {string} */
                                state: "scheduled" | "queued" | "running" | "retrying" | "succeeded" | "failed" | "canceled" | "expired";
                                reason: ("rejected" | "retries_exhausted" | "outcome_unknown" | "worker_lost" | "operator" | "unknown_task" | "request" | "group" | "forgotten") | null;
                                data: {
                                    [key: string]: unknown;
                                };
                                runAt: (string | {
                                    delay: number | string;
                                } | {
                                    local: string;
                                    timeZone: string;
                                    /**
                                     * @default reject
                                     * @enum {string}
                                     */
                                    disambiguation?: "reject" | "earlier" | "later";
                                }) | null;
                                /** Format: date-time */
                                dueAt: string;
                                expiresAt: string | null;
                                nextAttemptAt: string | null;
                                priority: number;
                                dedupeKey: string | null;
                                /** @constant */
                                deduplicated?: true;
                                groupKey: string | null;
                                scheduleId: string | null;
                                retry: {
                                    limit: number;
                                    delaySeconds: number;
                                    /** @enum {string} */
                                    backoff: "fixed" | "exponential";
                                    maxDelaySeconds: number;
                                };
                                timeoutSeconds: number;
                                tags: string[];
                                metadata: {
                                    [key: string]: unknown;
                                };
                                progress: number;
                                result: unknown;
                                attemptCount: number;
                                attempts?: {
                                    number: number;
                                    outcome: ("succeeded" | "failed" | "rejected" | "unknown" | "interrupted") | null;
                                    /** Format: date-time */
                                    startedAt: string;
                                    finishedAt: string | null;
                                    lateMs: number;
                                    error: {
                                        code: string;
                                        message: string;
                                    } | null;
                                }[];
                                lateMs: number | null;
                                version: number;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/releases/retry": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            state?: string;
                            dueFrom?: string;
                            dueTo?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                        /** When */
                        publishAt?: unknown;
                        maxLateSeconds?: number;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                title: string;
                                /** @enum {string} */
                                state: "draft" | "scheduled" | "succeeded" | "failed" | "canceled" | "missed";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                    errors?: {
                                        path: string;
                                        message: string;
                                    }[];
                                } | null;
                                publishAt: unknown;
                                dueAt: string | null;
                                nextAttemptAt: string | null;
                                maxLateSeconds: number | null;
                                attemptCount: number;
                                lateMs: number | null;
                                version: number;
                                executedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                                itemCount: number;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/releases/resolve": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            state?: string;
                            dueFrom?: string;
                            dueTo?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                        /**
                         * @default canceled
                         * @enum {string}
                         */
                        outcome?: "canceled";
                        note?: string;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                title: string;
                                /** @enum {string} */
                                state: "draft" | "scheduled" | "succeeded" | "failed" | "canceled" | "missed";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                    errors?: {
                                        path: string;
                                        message: string;
                                    }[];
                                } | null;
                                publishAt: unknown;
                                dueAt: string | null;
                                nextAttemptAt: string | null;
                                maxLateSeconds: number | null;
                                attemptCount: number;
                                lateMs: number | null;
                                version: number;
                                executedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                                itemCount: number;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/schedule-runs/retry": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            scheduleId?: string;
                            state?: string;
                            dueFrom?: string;
                            dueTo?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                scheduleId: string;
                                /** Format: date-time */
                                occurrenceAt: string;
                                /** Format: date-time */
                                dueAt: string;
                                /** @enum {string} */
                                cause: "schedule" | "missed" | "backfill" | "manual";
                                /** @enum {string} */
                                state: "pending" | "started" | "skipped" | "failed" | "canceled";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                item: {
                                    kind: string;
                                    id: string;
                                    state: string | null;
                                } | null;
                                attemptCount: number;
                                nextAttemptAt: string | null;
                                lateMs: number | null;
                                startedAt: string | null;
                                finishedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/schedule-runs/resolve": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            scheduleId?: string;
                            state?: string;
                            dueFrom?: string;
                            dueTo?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                        /**
                         * @default canceled
                         * @enum {string}
                         */
                        outcome?: "canceled";
                        note?: string;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                scheduleId: string;
                                /** Format: date-time */
                                occurrenceAt: string;
                                /** Format: date-time */
                                dueAt: string;
                                /** @enum {string} */
                                cause: "schedule" | "missed" | "backfill" | "manual";
                                /** @enum {string} */
                                state: "pending" | "started" | "skipped" | "failed" | "canceled";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                item: {
                                    kind: string;
                                    id: string;
                                    state: string | null;
                                } | null;
                                attemptCount: number;
                                nextAttemptAt: string | null;
                                lateMs: number | null;
                                startedAt: string | null;
                                finishedAt: string | null;
                                /** Format: date-time */
                                createdAt: string;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/webhook-deliveries/retry": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            webhookId?: string;
                            state?: string;
                            type?: string;
                            createdFrom?: string;
                            createdTo?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                /** Format: uuid */
                                webhookId: string;
                                eventId: string;
                                type: string;
                                state: string;
                                reason: string | null;
                                attempts: number;
                                statusCode: number | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                /** Format: date-time */
                                dueAt: string;
                                nextAttemptAt: string | null;
                                /** Format: date-time */
                                eventAt: string;
                                /** Format: date-time */
                                createdAt: string;
                                finishedAt: string | null;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/webhook-deliveries/resolve": {
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        filter?: {
                            webhookId?: string;
                            state?: string;
                            type?: string;
                            createdFrom?: string;
                            createdTo?: string;
                            error?: string;
                            provider?: string;
                        };
                        /** @default false */
                        all?: boolean;
                        /** @default false */
                        dryRun?: boolean;
                        ratePerSecond?: number;
                        /** @enum {string} */
                        outcome: "delivered" | "canceled";
                        note?: string;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused?: number;
                            refusal?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                        } | {
                            matched: number;
                            more: boolean;
                            sample: {
                                /** Format: uuid */
                                id: string;
                                /** Format: uuid */
                                webhookId: string;
                                eventId: string;
                                type: string;
                                state: string;
                                reason: string | null;
                                attempts: number;
                                statusCode: number | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                /** Format: date-time */
                                dueAt: string;
                                nextAttemptAt: string | null;
                                /** Format: date-time */
                                eventAt: string;
                                /** Format: date-time */
                                createdAt: string;
                                finishedAt: string | null;
                            }[];
                            refusals?: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            }[];
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/operations": {
        get: {
            parameters: {
                query?: {
                    state?: string;
                    limit?: number;
                    cursor?: string;
                    sort?: "createdAt" | "-createdAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                subject: string;
                                kind: string;
                                /** @enum {string} */
                                state: "running" | "done" | "aborted";
                                matched: number;
                                changed: number;
                                tooLate: number;
                                refused: number;
                                refusal: {
                                    id: string;
                                    code: string;
                                    detail: string;
                                    errors: {
                                        path: string;
                                        message: string;
                                        suggestion?: string;
                                    }[];
                                } | null;
                                patched: string[];
                                filter: {
                                    [key: string]: unknown;
                                };
                                ratePerSecond: number | null;
                                undoes: string | null;
                                undoUntil: string | null;
                                /** Format: date-time */
                                createdAt: string;
                                finishedAt: string | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/operations/{id}": {
        get: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/operations/{id}/abort": {
        post: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/operations/{id}/undo": {
        post: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            subject: string;
                            kind: string;
                            /** @enum {string} */
                            state: "running" | "done" | "aborted";
                            matched: number;
                            changed: number;
                            tooLate: number;
                            refused: number;
                            refusal: {
                                id: string;
                                code: string;
                                detail: string;
                                errors: {
                                    path: string;
                                    message: string;
                                    suggestion?: string;
                                }[];
                            } | null;
                            patched: string[];
                            filter: {
                                [key: string]: unknown;
                            };
                            ratePerSecond: number | null;
                            undoes: string | null;
                            undoUntil: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/queues": {
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    cursor?: string;
                    sort?: "name" | "-name";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                name: string;
                                /** @enum {string} */
                                state: "active" | "paused";
                                scheduled: number;
                                queued: number;
                                running: number;
                                perSecond: number;
                                concurrency: number;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/queues/{name}": {
        get: {
            parameters: {
                path: {
                    name: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            name: string;
                            /** @enum {string} */
                            state: "active" | "paused";
                            scheduled: number;
                            queued: number;
                            running: number;
                            perSecond: number;
                            concurrency: number;
                        };
                    };
                };
            };
        };
    };
    "/v1/queues/{name}/pause": {
        post: {
            parameters: {
                path: {
                    name: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            name: string;
                            /** @enum {string} */
                            state: "active" | "paused";
                            scheduled: number;
                            queued: number;
                            running: number;
                            perSecond: number;
                            concurrency: number;
                        };
                    };
                };
            };
        };
    };
    "/v1/queues/{name}/resume": {
        post: {
            parameters: {
                path: {
                    name: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            name: string;
                            /** @enum {string} */
                            state: "active" | "paused";
                            scheduled: number;
                            queued: number;
                            running: number;
                            perSecond: number;
                            concurrency: number;
                        };
                    };
                };
            };
        };
    };
    "/v1/overview": {
        get: {
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            at: string;
                            counts: {
                                scheduled: number;
                                queued: number;
                                sending: number;
                                retrying: number;
                                delivered: number;
                                failed: number;
                                canceled: number;
                                expired: number;
                            };
                            due: {
                                minute: number;
                                hour: number;
                                day: number;
                            };
                            overdue: number;
                            /** Percentiles */
                            lateness: {
                                p50: number | null;
                                p95: number | null;
                                p99: number | null;
                            };
                            throughput: number;
                            byChannel: {
                                [key: string]: {
                                    created: number;
                                    delivered: number;
                                    failed: number;
                                    canceled: number;
                                    expired: number;
                                    attempts: {
                                        delivered: number;
                                        failed: number;
                                        rejected: number;
                                        unknown: number;
                                        interrupted: number;
                                    };
                                    /** Percentiles */
                                    lateness: {
                                        p50: number | null;
                                        p95: number | null;
                                        p99: number | null;
                                    };
                                    throughput: number;
                                };
                            };
                            runs: {
                                counts: {
                                    scheduled: number;
                                    queued: number;
                                    running: number;
                                    retrying: number;
                                    succeeded: number;
                                    failed: number;
                                    canceled: number;
                                    expired: number;
                                };
                                due: {
                                    minute: number;
                                    hour: number;
                                    day: number;
                                };
                                overdue: number;
                                /** Percentiles */
                                lateness: {
                                    p50: number | null;
                                    p95: number | null;
                                    p99: number | null;
                                };
                                throughput: number;
                                byTask: {
                                    [key: string]: {
                                        created: number;
                                        succeeded: number;
                                        failed: number;
                                        canceled: number;
                                        expired: number;
                                        attempts: {
                                            succeeded: number;
                                            failed: number;
                                            rejected: number;
                                            unknown: number;
                                            interrupted: number;
                                        };
                                        /** Percentiles */
                                        lateness: {
                                            p50: number | null;
                                            p95: number | null;
                                            p99: number | null;
                                        };
                                        throughput: number;
                                    };
                                };
                            };
                            publications: {
                                counts: {
                                    scheduled: number;
                                    failed: number;
                                };
                                due: {
                                    minute: number;
                                    hour: number;
                                    day: number;
                                };
                                overdue: number;
                                /** Percentiles */
                                lateness: {
                                    p50: number | null;
                                    p95: number | null;
                                    p99: number | null;
                                };
                                lastHour: {
                                    succeeded: number;
                                    superseded: number;
                                    canceled: number;
                                    failed: number;
                                    missed: number;
                                };
                            };
                        };
                    };
                };
            };
        };
    };
    "/v1/overview/series": {
        get: {
            parameters: {
                query: {
                    metric: "lateness" | "throughput" | "outcomes";
                    from?: string;
                    to?: string;
                    step?: number;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            metric: "lateness" | "throughput" | "outcomes";
                            /** Format: date-time */
                            from: string;
                            /** Format: date-time */
                            to: string;
                            step: number;
                            points: ({
                                /** Format: date-time */
                                at: string;
                            } & {
                                [key: string]: number | null;
                            })[];
                        };
                    };
                };
            };
        };
    };
    "/v1/workers": {
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    cursor?: string;
                    sort?: "startedAt" | "-startedAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                host: string;
                                pid: number;
                                roles: string[];
                                version: string;
                                /** Format: date-time */
                                startedAt: string;
                                /** Format: date-time */
                                seenAt: string;
                                alive: boolean;
                                lanes: {
                                    queue: string;
                                    running: number;
                                    concurrency: number;
                                }[];
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/calendar/counts": {
        get: {
            parameters: {
                query: {
                    bounds: string;
                    kind?: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: date-time */
                                from: string;
                                /** Format: date-time */
                                to: string;
                                kind: string;
                                count: number;
                                more: boolean;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/calendar": {
        get: {
            parameters: {
                query?: {
                    from?: string;
                    to?: string;
                    kind?: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            at: string;
                            kind: string;
                            id: string | null;
                            title: string;
                            count: number;
                        }[];
                    };
                };
            };
        };
    };
    "/v1/calendar.ics": {
        get: {
            parameters: {
                query: {
                    token: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "text/calendar": string;
                    };
                };
            };
        };
    };
    "/v1/calendar/tokens": {
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    cursor?: string;
                    sort?: "createdAt" | "-createdAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /** Format: date-time */
                                createdAt: string;
                                expiresAt: string | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        post: {
            parameters: {
                header?: {
                    /** @example order-1042-reminder */
                    "Idempotency-Key"?: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        /** Format: date-time */
                        expiresAt?: string;
                    };
                };
            };
            responses: {
                201: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** Format: date-time */
                            createdAt: string;
                            expiresAt: string | null;
                            token?: string;
                            path?: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/calendar/tokens/{id}": {
        delete: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                204: {
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
    };
    "/metrics": {
        get: {
            responses: {
                200: {
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
    };
    "/v1/dead-letters": {
        get: {
            parameters: {
                query?: {
                    kind?: string;
                    queue?: string;
                    error?: string;
                    groupBy?: "error" | "provider";
                    limit?: number;
                    cursor?: string;
                    sort?: "finishedAt" | "-finishedAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                kind: string;
                                /** Format: uuid */
                                id: string;
                                queue: string;
                                /** @constant */
                                state: "failed";
                                reason: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                provider: string | null;
                                to: unknown;
                                title: string;
                                tags: string[];
                                groupKey: string | null;
                                attemptCount: number;
                                /** Format: date-time */
                                dueAt: string;
                                /** Format: date-time */
                                finishedAt: string;
                                version: number;
                                parent: string | null;
                            }[];
                            nextCursor: string | null;
                        } | {
                            groups: {
                                key: string;
                                kind: string;
                                count: number;
                                sample: {
                                    kind: string;
                                    /** Format: uuid */
                                    id: string;
                                    queue: string;
                                    /** @constant */
                                    state: "failed";
                                    reason: string | null;
                                    error: {
                                        code: string;
                                        message: string;
                                    } | null;
                                    provider: string | null;
                                    to: unknown;
                                    title: string;
                                    tags: string[];
                                    groupKey: string | null;
                                    attemptCount: number;
                                    /** Format: date-time */
                                    dueAt: string;
                                    /** Format: date-time */
                                    finishedAt: string;
                                    version: number;
                                    parent: string | null;
                                }[];
                            }[];
                            more: boolean;
                        };
                    };
                };
            };
        };
    };
    "/v1/webhooks": {
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    cursor?: string;
                    sort?: "createdAt" | "-createdAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                url: string;
                                types: string[];
                                description: string | null;
                                /** @enum {string} */
                                state: "active" | "disabled";
                                disabledReason: ("request" | "gone" | "failing") | null;
                                previousSecretUntil: string | null;
                                failingSince: string | null;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        post: {
            parameters: {
                header?: {
                    /** @example order-1042-reminder */
                    "Idempotency-Key"?: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        url: string;
                        types: string[];
                        description?: string;
                        secret?: string;
                    };
                };
            };
            responses: {
                201: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            types: string[];
                            description: string | null;
                            /** @enum {string} */
                            state: "active" | "disabled";
                            disabledReason: ("request" | "gone" | "failing") | null;
                            previousSecretUntil: string | null;
                            failingSince: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            secret?: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/webhooks/{id}": {
        get: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            types: string[];
                            description: string | null;
                            /** @enum {string} */
                            state: "active" | "disabled";
                            disabledReason: ("request" | "gone" | "failing") | null;
                            previousSecretUntil: string | null;
                            failingSince: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
        delete: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                204: {
                };
            };
        };
        patch: {
            parameters: {
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        url?: string;
                        types?: string[];
                        description?: string | null;
                        /** @enum {string} */
                        state?: "active" | "disabled";
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            types: string[];
                            description: string | null;
                            /** @enum {string} */
                            state: "active" | "disabled";
                            disabledReason: ("request" | "gone" | "failing") | null;
                            previousSecretUntil: string | null;
                            failingSince: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/webhooks/{id}/rotate": {
        post: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            types: string[];
                            description: string | null;
                            /** @enum {string} */
                            state: "active" | "disabled";
                            disabledReason: ("request" | "gone" | "failing") | null;
                            previousSecretUntil: string | null;
                            failingSince: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            secret?: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/webhooks/{id}/deliveries": {
        get: {
            parameters: {
                query?: {
                    state?: string;
                    limit?: number;
                    cursor?: string;
                    sort?: "createdAt" | "-createdAt";
                };
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                /** Format: uuid */
                                webhookId: string;
                                eventId: string;
                                type: string;
                                state: string;
                                reason: string | null;
                                attempts: number;
                                statusCode: number | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                /** Format: date-time */
                                dueAt: string;
                                nextAttemptAt: string | null;
                                /** Format: date-time */
                                eventAt: string;
                                /** Format: date-time */
                                createdAt: string;
                                finishedAt: string | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/webhooks/{id}/test": {
        post: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                202: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            webhookId: string;
                            eventId: string;
                            type: string;
                            state: string;
                            reason: string | null;
                            attempts: number;
                            statusCode: number | null;
                            error: {
                                code: string;
                                message: string;
                            } | null;
                            /** Format: date-time */
                            dueAt: string;
                            nextAttemptAt: string | null;
                            /** Format: date-time */
                            eventAt: string;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/webhooks/{id}/resend": {
        post: {
            parameters: {
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        eventId?: string;
                        from?: string;
                        to?: string;
                        /** @default false */
                        failedOnly?: boolean;
                    };
                };
            };
            responses: {
                202: {
                    content: {
                        "application/json": {
                            count: number;
                        };
                    };
                };
            };
        };
    };
    "/v1/webhook-deliveries": {
        get: {
            parameters: {
                query?: {
                    webhookId?: string;
                    state?: string;
                    type?: string;
                    createdFrom?: string;
                    createdTo?: string;
                    error?: string;
                    provider?: string;
                    limit?: number;
                    cursor?: string;
                    sort?: "dueAt" | "-dueAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                /** Format: uuid */
                                webhookId: string;
                                eventId: string;
                                type: string;
                                state: string;
                                reason: string | null;
                                attempts: number;
                                statusCode: number | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                /** Format: date-time */
                                dueAt: string;
                                nextAttemptAt: string | null;
                                /** Format: date-time */
                                eventAt: string;
                                /** Format: date-time */
                                createdAt: string;
                                finishedAt: string | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/webhook-deliveries/{id}/retry": {
        post: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            webhookId: string;
                            eventId: string;
                            type: string;
                            state: string;
                            reason: string | null;
                            attempts: number;
                            statusCode: number | null;
                            error: {
                                code: string;
                                message: string;
                            } | null;
                            /** Format: date-time */
                            dueAt: string;
                            nextAttemptAt: string | null;
                            /** Format: date-time */
                            eventAt: string;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/webhook-deliveries/{id}/resolve": {
        post: {
            parameters: {
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        outcome: "delivered" | "canceled";
                        note?: string;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            webhookId: string;
                            eventId: string;
                            type: string;
                            state: string;
                            reason: string | null;
                            attempts: number;
                            statusCode: number | null;
                            error: {
                                code: string;
                                message: string;
                            } | null;
                            /** Format: date-time */
                            dueAt: string;
                            nextAttemptAt: string | null;
                            /** Format: date-time */
                            eventAt: string;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/events": {
        get: {
            parameters: {
                query?: {
                    after?: string;
                    type?: string;
                    subject?: string;
                    limit?: number;
                    cursor?: string;
                    sort?: "id" | "-id";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                id: string;
                                type: string;
                                /** Format: date-time */
                                at: string;
                                subject: {
                                    kind: string;
                                    id: string;
                                };
                                actor: {
                                    kind: string;
                                    id: string | null;
                                };
                                data: {
                                    [key: string]: unknown;
                                };
                            }[];
                            nextCursor: string | null;
                            /** @constant */
                            reset?: true;
                        };
                    };
                };
            };
        };
    };
    "/v1/stream": {
        get: {
            parameters: {
                query?: {
                    after?: string;
                    type?: string;
                    subject?: string;
                };
                header?: {
                    /** @example 812000000017 */
                    "Last-Event-ID"?: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "text/event-stream": string;
                    };
                };
            };
        };
    };
    "/v1/audit": {
        get: {
            parameters: {
                query?: {
                    type?: string;
                    subject?: string;
                    kind?: string;
                    actor?: string;
                    from?: string;
                    to?: string;
                    limit?: number;
                    cursor?: string;
                    sort?: "at" | "-at";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                id: string;
                                type: string;
                                /** Format: date-time */
                                at: string;
                                subject: {
                                    kind: string;
                                    id: string;
                                };
                                actor: {
                                    kind: string;
                                    id: string | null;
                                    from: string | null;
                                };
                                data: {
                                    [key: string]: unknown;
                                };
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/api-keys": {
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    cursor?: string;
                    sort?: "createdAt" | "-createdAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                project: string;
                                name: string;
                                hint: string;
                                scopes: string[];
                                requestsPerMinute: number | null;
                                expiresAt: string | null;
                                previousValidUntil: string | null;
                                lastUsedAt: string | null;
                                createdBy: {
                                    kind: string;
                                    id: string | null;
                                } | null;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        post: {
            parameters: {
                header?: {
                    /** @example order-1042-reminder */
                    "Idempotency-Key"?: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        scopes: ("notifications:read" | "notifications:write" | "content:read" | "content:write" | "content:publish" | "tasks:read" | "tasks:write" | "schedules:read" | "schedules:write" | "operate" | "admin")[];
                        /** When */
                        expiresAt?: unknown;
                        requestsPerMinute?: number;
                        project?: string;
                    };
                };
            };
            responses: {
                201: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            project: string;
                            name: string;
                            hint: string;
                            scopes: string[];
                            requestsPerMinute: number | null;
                            expiresAt: string | null;
                            previousValidUntil: string | null;
                            lastUsedAt: string | null;
                            createdBy: {
                                kind: string;
                                id: string | null;
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            key?: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/api-keys/{id}": {
        get: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            project: string;
                            name: string;
                            hint: string;
                            scopes: string[];
                            requestsPerMinute: number | null;
                            expiresAt: string | null;
                            previousValidUntil: string | null;
                            lastUsedAt: string | null;
                            createdBy: {
                                kind: string;
                                id: string | null;
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
        delete: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                204: {
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
        patch: {
            parameters: {
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        scopes?: ("notifications:read" | "notifications:write" | "content:read" | "content:write" | "content:publish" | "tasks:read" | "tasks:write" | "schedules:read" | "schedules:write" | "operate" | "admin")[];
                        /** When */
                        expiresAt?: unknown;
                        requestsPerMinute?: number | null;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            project: string;
                            name: string;
                            hint: string;
                            scopes: string[];
                            requestsPerMinute: number | null;
                            expiresAt: string | null;
                            previousValidUntil: string | null;
                            lastUsedAt: string | null;
                            createdBy: {
                                kind: string;
                                id: string | null;
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/api-keys/{id}/rotate": {
        post: {
            parameters: {
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default 86400 */
                        overlapSeconds?: number;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            project: string;
                            name: string;
                            hint: string;
                            scopes: string[];
                            requestsPerMinute: number | null;
                            expiresAt: string | null;
                            previousValidUntil: string | null;
                            lastUsedAt: string | null;
                            createdBy: {
                                kind: string;
                                id: string | null;
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            key: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/projects": {
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    cursor?: string;
                    sort?: "createdAt" | "-createdAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                id: string;
                                name: string;
                                /** Format: date-time */
                                createdAt: string;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        post: {
            parameters: {
                header?: {
                    /** @example order-1042-reminder */
                    "Idempotency-Key"?: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            responses: {
                201: {
                    content: {
                        "application/json": {
                            id: string;
                            name: string;
                            /** Format: date-time */
                            createdAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/projects/{id}": {
        get: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            id: string;
                            name: string;
                            /** Format: date-time */
                            createdAt: string;
                        };
                    };
                };
            };
        };
        delete: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                204: {
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
        patch: {
            parameters: {
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            id: string;
                            name: string;
                            /** Format: date-time */
                            createdAt: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/users": {
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    cursor?: string;
                    sort?: "createdAt" | "-createdAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                email: string;
                                name: string;
                                /** @enum {string} */
                                role: "viewer" | "editor" | "operator" | "admin";
                                projects: string[] | null;
                                disabled: boolean;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                signedInAt: string | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        post: {
            parameters: {
                header?: {
                    /** @example order-1042-reminder */
                    "Idempotency-Key"?: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        name?: string;
                        /** @enum {string} */
                        role: "viewer" | "editor" | "operator" | "admin";
                        /** Format: password */
                        password: string;
                        projects?: string[];
                    };
                };
            };
            responses: {
                201: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            email: string;
                            name: string;
                            /** @enum {string} */
                            role: "viewer" | "editor" | "operator" | "admin";
                            projects: string[] | null;
                            disabled: boolean;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            signedInAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/users/{id}": {
        get: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            email: string;
                            name: string;
                            /** @enum {string} */
                            role: "viewer" | "editor" | "operator" | "admin";
                            projects: string[] | null;
                            disabled: boolean;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            signedInAt: string | null;
                        };
                    };
                };
            };
        };
        delete: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                204: {
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
        patch: {
            parameters: {
                path: {
                    id: string;
                };
            };
            requestBody: {
                content: {
                    "application/json": {
                        email?: string;
                        name?: string;
                        /** @enum {string} */
                        role?: "viewer" | "editor" | "operator" | "admin";
                        /** Format: password */
                        password?: string;
                        projects?: string[] | null;
                        disabled?: boolean;
                    };
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            email: string;
                            name: string;
                            /** @enum {string} */
                            role: "viewer" | "editor" | "operator" | "admin";
                            projects: string[] | null;
                            disabled: boolean;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            signedInAt: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/session": {
        get: {
            responses: {
                200: {
                    content: {
                        "application/json": {
                            kind: string;
                            id: string | null;
                            name: string | null;
                            email: string | null;
                            role: string | null;
                            scopes: string[];
                            project: {
                                id: string;
                                name: string;
                            } | null;
                            projects: {
                                id: string;
                                name: string;
                            }[];
                            csrfToken: string | null;
                            expiresAt: string | null;
                        };
                    };
                };
            };
        };
        post: {
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        /** Format: password */
                        password: string;
                    };
                };
            };
            responses: {
                201: {
                    content: {
                        "application/json": {
                            kind: string;
                            id: string | null;
                            name: string | null;
                            email: string | null;
                            role: string | null;
                            scopes: string[];
                            project: {
                                id: string;
                                name: string;
                            } | null;
                            projects: {
                                id: string;
                                name: string;
                            }[];
                            csrfToken: string | null;
                            expiresAt: string | null;
                        };
                    };
                };
            };
        };
        delete: {
            responses: {
                204: {
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
    };
    "/v1/sessions": {
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    cursor?: string;
                    sort?: "createdAt" | "-createdAt";
                };
            };
            responses: {
                200: {
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                user: {
                                    /** Format: uuid */
                                    id: string;
                                    email: string;
                                    name: string;
                                };
                                from: string | null;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                lastSeenAt: string;
                                /** Format: date-time */
                                expiresAt: string;
                                current: boolean;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/sessions/{id}": {
        delete: {
            parameters: {
                path: {
                    id: string;
                };
            };
            responses: {
                204: {
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
    };
    "/schedule-notification": {
        post: {
            responses: {
                200: {
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
    };
    "/send-email": {
        post: {
            responses: {
                200: {
                    content: {
                        "application/json": unknown;
                    };
                };
            };
        };
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Problem */
        Problem: {
            type: string;
            title: string;
            status: number;
            /** @enum {string} */
            code: "malformed-json" | "invalid-parameter" | "invalid-cursor" | "unauthenticated" | "missing-scope" | "host-not-allowed" | "csrf-token-required" | "not-found" | "unknown-route" | "unknown-model" | "unknown-task" | "method-not-allowed" | "too-late" | "already-final" | "not-final" | "duplicate" | "already-exists" | "last-admin" | "idempotency-in-progress" | "release-frozen" | "external-model" | "undo-expired" | "version-conflict" | "too-large" | "unsupported-media-type" | "invalid-request" | "ambiguous-time" | "ambiguous-local-time" | "unknown-time-zone" | "time-in-past" | "time-too-far" | "expires-before-due" | "publish-at-not-future" | "channel-not-configured" | "address-not-allowed" | "encryption-not-configured" | "idempotency-key-reused" | "filter-required" | "unbounded-schedule" | "if-match-required" | "rate-limited" | "not-in-transaction" | "wrong-database" | "rejected" | "not-migrated" | "internal" | "unavailable";
            detail: string;
            requestId: string;
            errors?: {
                path: string;
                message: string;
                suggestion?: string;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
