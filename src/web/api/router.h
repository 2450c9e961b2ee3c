#pragma once
// The router: finds the route, finds out who calls, asks whether they may, runs the handler, and
// turns every error into problem+json in the reader's language. Deny by default: what no table
// names is 404, what the role lacks is 403. Thread: any worker; constant after construction.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "web/api/rooms.h"
#include "web/api/route.h"
#include "web/http.h"

namespace otklik {

class DeskFiles;
struct FrontDoor;

class Router : public Dispatcher {
public:
    Router(Rooms& rooms, std::span<const std::span<const Route>> tables);
    ~Router() override;
    /// Before the first request; it outlives the router.
    void use(const FrontDoor& front) { front_ = &front; }
    BodyRule before_body(Request& head) override;
    Response handle(Request& request) override;
    Response problem(const Error& error, const Request* request, int status = 0) override;

private:
    struct Pattern;
    struct Found;
    Found match(Request& head) const;
    Response run(Request& request, Found& found);
    Response outside_api(Request& request);
    BodyRule side_body(const Request& head);
    Response side_entry(Request& request);

    Rooms& rooms_;
    const FrontDoor* front_;
    std::vector<Pattern> patterns_;
    std::unique_ptr<DeskFiles> desk_;
};

/// The OpenAPI 3.1 document of the tables, JSON with sorted keys.
std::string openapi_json(std::span<const std::span<const Route>> tables, std::string_view version);
/// The same as YAML, for api/openapi.yaml.
std::string openapi_yaml(std::span<const std::span<const Route>> tables, std::string_view version);

/// Prometheus text of /metrics.
std::string metrics_text(Rooms& rooms);

}  // namespace otklik
