#pragma once
// The built desk: index.html with a nonce per answer, assets with hashed names kept for a year,
// compressed twins
// (.br, .gz) where the browser takes them. Names come from a list made at start, never from the
// request as a path. Thread: any; constant after construction.
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "web/http.h"

namespace otklik {

class DeskFiles {
public:
    /// `folder` empty or missing: every page says that the desk is not built.
    explicit DeskFiles(const std::string& folder);
    ~DeskFiles();
    /// A file of the desk, or index.html for every path of the desk (the browser routes them).
    Response serve(const Request& request) const;

private:
    struct Asset;
    Response index(const Request& request) const;
    std::map<std::string, Asset, std::less<>> assets_;
    std::string index_html_;
};

}  // namespace otklik
