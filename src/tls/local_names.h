#pragma once
// How this computer is called by its neighbours. Blocking only for the kernel. Thread: any.
#include <string>
#include <vector>

namespace otklik {

struct LocalNames {
    std::string host;  // as the system names it: "shop-pc"; empty when it is no DNS name
    std::vector<std::string> addresses;  // IPv4 first; no loopback, none that needs a zone
};
LocalNames local_names();

}  // namespace otklik
