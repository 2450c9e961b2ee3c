#include "base/error.h"

#include <cerrno>
#include <cstring>

namespace otklik {
namespace {

struct FaultRow {
    Fault fault;
    std::string_view name;
    int status;
};
constexpr FaultRow fault_rows[] = {
    {Fault::invalid, "invalid", 400},
    {Fault::unauthorized, "unauthorized", 401},
    {Fault::forbidden, "forbidden", 403},
    {Fault::not_found, "not_found", 404},
    {Fault::method, "method", 405},
    {Fault::conflict, "conflict", 409},
    {Fault::precondition, "precondition", 412},
    {Fault::too_large, "too_large", 413},
    {Fault::busy, "busy", 429},
    {Fault::full, "full", 507},
    {Fault::unavailable, "unavailable", 503},
    {Fault::internal, "internal", 500},
};

const FaultRow& row_of(Fault fault) noexcept {
    for (const FaultRow& row : fault_rows)
        if (row.fault == fault) return row;
    return fault_rows[std::size(fault_rows) - 1];
}

}  // namespace

Error::Error(Fault fault, std::string_view code, ErrorParams params)
    : fault_(fault), code_(code), params_(std::move(params)) {
    text_ = code_;
    for (const auto& [name, value] : params_) text_ += " " + name + "=" + value;
}

Error& Error::at(std::string_view field) {
    field_ = field;
    return *this;
}

Error& Error::because(std::string_view detail) {
    detail_ = detail;
    text_ += " (" + detail_ + ")";
    return *this;
}

std::string_view fault_name(Fault fault) noexcept {
    return row_of(fault).name;
}
int http_status(Fault fault) noexcept {
    return row_of(fault).status;
}

void throw_errno(std::string_view what_failed) {
    const int code = errno;
    const bool full = code == ENOSPC || code == EDQUOT;
    throw Error(full ? Fault::full : Fault::internal, full ? "disk.full" : "internal")
        .because(std::string(what_failed) + ": " + std::strerror(code));
}

}  // namespace otklik
