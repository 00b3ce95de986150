/* SPDX-License-Identifier: Apache-2.0
 *
 * http.h - GET /metrics (OpenMetrics) and GET / (status), nothing else.
 *
 * Takes:   events of the loop; pages.
 * Gives:   which page is wanted.
 * Units:   HTTP_S seconds for a whole request; one request per connection.
 * Memory:  HTTP_MAX clients, HTTP_HEAD bytes of request each, one page each.
 * Errors:  400, 404, 405, 503 to the client; a sentence from http_open().
 * Thread:  SNA; never blocks.
 * Source:  RFC 9112; OpenMetrics 1.0. No authentication: bind it to loopback.
 */
#ifndef VTAMSIM_HTTP_H
#define VTAMSIM_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/con.h"
#include "base/ipaddr.h"
#include "base/loop.h"

#define HTTP_MAX 16
#define HTTP_HEAD 2048
#define HTTP_S 5
#define HTTP_WHY 256

enum http_page { HTTP_METRICS = 1, HTTP_STATUS };

struct http;

struct http *http_open(struct loop *, const struct ipaddr *, uint16_t port, uint8_t kind,
    char why[HTTP_WHY]);
void     http_close(struct http *);
void     http_event(struct http *, struct mono now, const struct loop_ev *);
bool     http_next(struct http *, uint32_t *client, enum http_page *);
void     http_answer(struct http *, uint32_t client, const struct con *);
struct mono http_deadline(const struct http *);
void     http_expire(struct http *, struct mono now);

#endif
