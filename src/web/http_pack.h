#pragma once
// Answers packed on the way out (RFC 9110, 8.4): lists are JSON whose names repeat in every row, a
// page of a hundred signals is 85 kB plain and 6 kB packed, a third of a second on a slow line.
// Thread: any.
#include <string_view>

#include "web/http.h"

namespace otklik {

/// Whether Accept-Encoding takes the coding («gzip», «br»): named and not refused by q=0. A name
/// that is absent, and «*», take none: whoever cannot unpack gets what everybody reads.
bool takes_coding(const Request& request, std::string_view coding);

/// Packs a text body by gzip where the request takes it and a packet is saved. Leaves alone files,
/// streams, parts of files and what is packed already.
void pack_answer(const Request& request, Response& response);

}  // namespace otklik
