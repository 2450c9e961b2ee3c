"""The power is cut after every operation on the disk of a scripted day: what was acknowledged is there."""
import glob
import os
import shutil
import subprocess
import tempfile
import time

from day import NEVER, Day
from server import Server
from shim import Shim, built

MEMORY = "/dev/shm"  # a file system that gives no number twice and that has time for many images
PARTS = os.cpu_count() or 1
PLANTS = ("all", "folders", "media", "journal")  # whose syncs are forgotten
PLANT_CUTS = 24


class PowerCampaign:
    def __init__(self, folder: str, share: float, seed: int) -> None:
        self.folder, self.share, self.seed = folder, share, seed
        self.problems: list[str] = []
        self.shim = Shim(folder)

    def live(self, size: int) -> None:
        began = time.monotonic()
        day = Day(self.shim)
        try:
            day.run(size)
        finally:
            day.server.stop()
        day.known.write(f"{self.folder}/expected", NEVER)
        self.day_s = time.monotonic() - began

    def cuts(self, name: str, **options: object) -> tuple[list[str], dict[str, int]]:
        """The words of the program, and its last line summed over its parts."""
        running = []
        for part in range(PARTS):
            work = f"{self.folder}/{name}-{part}"
            os.makedirs(work)
            words = {"seed": self.seed, "share": self.share, "part": part, "parts": PARTS, **options}
            running.append(subprocess.Popen(
                [built("otklik-power-cuts"), f"{self.folder}/records", f"{self.folder}/expected", work,
                 *(f"{key}={value}" for key, value in words.items())], stdout=subprocess.PIPE, text=True))
        said, sums = [], {}
        for process in running:
            lines = process.communicate(timeout=1_400)[0].splitlines()
            if process.returncode != 0:
                said.append(f"the program of the cuts ended with {process.returncode}")
            for line in lines[:-1] if process.returncode == 0 else lines:
                said.append(line)
            for word in lines[-1].split() if process.returncode == 0 and lines else []:
                key, _, value = word.partition("=")
                sums[key] = sums.get(key, 0) + int(value)
        return said, sums

    def start_samples(self) -> int:
        """The real program starts on some of the images, takes up its work and finds all well."""
        found = sorted(glob.glob(f"{self.folder}/cut-*/samples/*"))
        for image in found:
            server = Server(image, reserve=1 << 16)
            try:
                server.start()
                problem = self.look(server)
            except RuntimeError as error:
                problem = str(error)
            finally:
                server.stop()
            if problem:
                self.problems.append(f"a start on {os.path.basename(image)}: {problem}")
            shutil.rmtree(image)
        return len(found)

    def find_plants(self) -> None:
        """The campaign itself can fail: a program that does not sync what it should is found."""
        for forgotten in PLANTS:
            said, _ = self.cuts(f"plant-{forgotten}", forget=forgotten, share=PLANT_CUTS / self.shim.records)
            if not any("lost" in each or "missing" in each for each in said):
                self.problems.append(f"forgotten syncs ({forgotten}) were not found: {said}")

    @staticmethod
    def look(server: Server) -> str:
        until = time.monotonic() + 5
        while found := server.fsck():  # what the day before left is swept soon after the start
            if time.monotonic() > until:
                return f"fsck finds {found[:3]}"
            time.sleep(0.05)
        return "" if server.number("select count(*) from job where state = 'parked'") == 0 else "jobs are parked"


def run(share: float, seed: int, samples: int, plant: str = "") -> list[str]:
    with tempfile.TemporaryDirectory(prefix="otklik-power-", dir=MEMORY) as folder:
        campaign = PowerCampaign(folder, share, seed)
        campaign.live(size=4)
        said, sums = campaign.cuts("cut", samples=samples, whole=1, folder=f"{folder}/disk",
                                   forget=plant or "nothing")
        campaign.problems += said
        started = campaign.start_samples()
        if not plant:
            campaign.find_plants()
        print(f"  {sums.get('cuts')} cuts of {sums.get('operations', 0) // PARTS} operations, {sums.get('images')} "
              f"images, {sums.get('acknowledged', 0) // PARTS} things acknowledged and found {sums.get('held')} times, "
              f"{started} starts of the program; the day took {campaign.day_s:.1f} s, seed {seed}")
        return campaign.problems
