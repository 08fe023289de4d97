module cardea.example/inventory

go 1.22
