#pragma once
// The files within a ZIP, read from memory by libzip and bounded: nothing is written anywhere, no
// name becomes a path, what is unpacked is counted as it comes and not believed. Private to paper.
// Thread: an object belongs to one thread.
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "paper/sheet.h"

namespace otklik {

class ZipParts {
public:
    /// `bytes` must outlive it. Error{invalid, "sheet.zip" | "sheet.zip_name" | "sheet.encrypted"};
    /// Error{too_large, "sheet.parts"}.
    ZipParts(std::string_view bytes, const SheetLimits& limits);
    ~ZipParts();
    bool has(const std::string& name) const;
    /// Calls with piece after piece. Error{invalid, "sheet.zip"} when it is missing or broken;
    /// Error{too_large, "sheet.unpacked"}.
    void read(const std::string& name, const std::function<void(std::string_view)>& piece) const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace otklik
