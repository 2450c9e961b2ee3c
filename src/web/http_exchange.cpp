#include "web/http_exchange.h"

#include <unistd.h>

namespace otklik {

Exchange::~Exchange() {
    if (request.spooled && !request.spooled->path.empty()) ::unlink(request.spooled->path.c_str());
}

void answer_error(Dispatcher& dispatcher, Exchange& exchange) {
    exchange.response = dispatcher.problem(*exchange.error, &exchange.request);
}

void ask_dispatcher(Dispatcher& dispatcher, Exchange& exchange, bool has_body) {
    keep_error(exchange.error, [&] {
        exchange.rule = dispatcher.before_body(exchange.request);
        if (!has_body) exchange.response = dispatcher.handle(exchange.request);
    });
    if (exchange.error) answer_error(dispatcher, exchange);
}

void handle_exchange(Dispatcher& dispatcher, Exchange& exchange) {
    keep_error(exchange.error, [&] { exchange.response = dispatcher.handle(exchange.request); });
    if (exchange.error) answer_error(dispatcher, exchange);
}

Response protocol_answer(Dispatcher& dispatcher, HeadProblem problem) {
    return dispatcher.problem(Error(Fault::invalid, problem.code), nullptr, problem.status);
}

}  // namespace otklik
