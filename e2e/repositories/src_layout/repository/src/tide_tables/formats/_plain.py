class Plain:
    suffix = ".txt"

    def render(self, rows):
        return "".join(f"{hour:>4} {metres:6.2f}\n" for hour, metres in rows)
