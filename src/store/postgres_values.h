#pragma once
// What goes to PostgreSQL as parameters and what comes back as rows. Private to the room.
// Thread: values.
#include <string>
#include <vector>

#include "store/store.h"

struct pg_result;  // PGresult of libpq

namespace otklik {

/// The number of a type (Oid); 0: null, whose type is the server's to know.
unsigned type_of(const Value& value);

/// Values as libpq wants them: numbers as text, so that the server's idea of a null's type does not
/// matter.
class Arguments {
public:
    explicit Arguments(const std::vector<const Value*>& values);
    std::vector<const char*> pointers;
    std::vector<int> lengths, formats;
    std::vector<std::string> numbers;

private:
    void add(const Value& value);
    void put(const std::string& bytes, int format);
};

/// Error{internal} for a type that is none of ours.
void read_rows(const pg_result* result, std::vector<Row>& out);
std::int64_t changed_rows(pg_result* result);

}  // namespace otklik
