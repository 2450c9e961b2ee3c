#pragma once
// Answers around a handler: the same request once (Idempotency-Key), and a list as one file.
// Thread: any worker; each asks the database outside of the handler's own transactions.
#include "web/api/route.h"

namespace otklik {

/// Whether a route takes Idempotency-Key: what makes things for people. Presses and uploads have
/// identities of their own, sessions hold secrets, the console's work is not retried by itself.
constexpr bool takes_request_key(const Route& route) {
    return route.method == "POST" && !route.body.spool && route.right != Right::anyone &&
           route.right != Right::press && route.right != Right::operate;
}

/// Runs the route, or gives the answer that this Idempotency-Key has already had.
/// Error{conflict, "idempotency.busy" | "idempotency.differs" | "idempotency.made"}.
Response run_once(Call& call, const Route& route);

/// Whether a route is a list that is given as a file too.
inline bool gives_file(const Route& route) {
    return route.method == "GET" && route.is_list && route.is_list();
}

/// A JSON route asked for ?format=csv|xlsx, or a list by Accept that names text/csv first.
std::optional<ListFormat> wanted_file(const Request& request, const Route& route);
/// All pages of a list as CSV or XLSX, at most ListExport::rows_max rows; X-Rows, X-Rows-Limit and,
/// when there are more, X-Rows-Cut say so, and so does a last line. Leaves an audit row
/// list.exported. Error{invalid, "export.not_list"}.
Response list_as_file(Call& call, const Route& route, ListFormat format);

}  // namespace otklik
