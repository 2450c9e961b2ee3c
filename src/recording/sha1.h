#pragma once
// SHA-1 (FIPS 180-4): a checksum that a foreign protocol asks for, never for secrets.
// Private to the room. Thread: one.
#include <memory>
#include <string>
#include <string_view>

namespace otklik {

class Sha1 {
public:
    Sha1();
    ~Sha1();
    Sha1(const Sha1&) = delete;
    Sha1& operator=(const Sha1&) = delete;
    void add(std::string_view bytes);
    std::string finish();  // 20 raw bytes; once

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace otklik
